import type { z } from 'zod'
import type { KeyPath } from './document.ts'
import { didYouMean } from './nearest.ts'
import type { ScalarIssue } from './scalars.ts'

/** A fault of shape before its place in the file is looked up. `key` is set when the fault is the key itself. */
export interface ShapeFault {
  readonly path: KeyPath
  readonly key?: string
  readonly message: string
  readonly allowed: string | undefined
}

type Def = {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
}

/** The schema behind optional, default and their like. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as Def
  // Of several, the one that has keys.
  const mapping = def.options?.find((option) => option._zod.def.type === 'object')
  const inner = mapping ?? (def.type === 'pipe' ? def.in : def.innerType)
  return inner === undefined ? schema : unwrapped(inner)
}

/** The keys that the object at this path may have; empty when there is no object. */
function keysAt(schema: z.core.$ZodType, path: KeyPath): string[] {
  let here = unwrapped(schema)
  for (const part of path) {
    const def = here._zod.def as Def & { readonly element?: z.core.$ZodType; readonly shape?: Record<string, z.core.$ZodType> }
    const next = typeof part === 'number' ? def.element : def.shape?.[part]
    if (next === undefined) return []
    here = unwrapped(next)
  }
  return Object.keys((here._zod.def as { shape?: Record<string, unknown> }).shape ?? {})
}

const valueAt = (value: unknown, path: KeyPath): unknown =>
  path.reduce<unknown>(
    (node, part) => (node === null || typeof node !== 'object' ? undefined : (node as Record<string, unknown>)[part]),
    value,
  )

/** `30 (a number)`; texts are quoted and cut. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 80 ? `${value.slice(0, 80)}…` : value}" (text)`
  if (typeof value === 'number' || typeof value === 'bigint') return `${value} (a number)`
  if (typeof value === 'boolean') return `${value} (true or false)`
  if (Array.isArray(value)) return 'a list'
  return value === null ? 'empty' : 'a mapping'
}

/** Fields whose texts are never shown, however they were written. */
const SECRET_FIELDS = new Set(['password', 'clientSecret', 'token'])

const isMapping = (value: unknown): boolean => value !== null && typeof value === 'object' && !Array.isArray(value)

const MISSING = 'is missing.'

const CONTAINERS: Readonly<Record<string, string>> = {
  array: 'a list: [a, b] or one "- " line for each',
  object: 'a mapping of keys to values',
}

/** Words one zod issue. `hidden` tells which values came from a reference and must not be shown. */
export function explainIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, hidden: (path: KeyPath) => boolean): ShapeFault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const given = valueAt(value, path)
  const secret = hidden(path) || SECRET_FIELDS.has(String(path.at(-1)))
  const said = secret && given !== null ? 'a value that is not shown here' : shown(given)

  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path)
      return issue.keys.map((key) => ({
        path: [...path, key],
        key,
        message: `unknown key.${didYouMean(key, known)}`,
        allowed: known.join(', '),
      }))
    }
    case 'custom': {
      const { allowed, why, choices } = issue.params as unknown as ScalarIssue
      if (given === undefined) return [{ path, message: MISSING, allowed }]
      if (why !== undefined) return [{ path, message: secret ? why : `${shown(given)} ${why}`, allowed }]
      const near = typeof given === 'string' && !secret && choices !== undefined ? didYouMean(given, choices) : ''
      return [{ path, message: `${said} is not allowed.${near}`, allowed }]
    }
    case 'invalid_type': {
      const allowed = CONTAINERS[issue.expected] ?? issue.expected
      const keys = issue.expected === 'object' ? keysAt(schema, path) : []
      const withKeys = keys.length > 0 ? `${allowed}: ${keys.join(', ')}` : allowed
      return [{ path, message: given === undefined ? MISSING : `${said} is not allowed.`, allowed: withKeys }]
    }
    case 'too_small':
      return [{ path, message: 'the list is empty.', allowed: 'at least one entry, or leave the key out where it is optional' }]
    case 'invalid_union': {
      // A mapping is meant to be the one that has keys; anything else, one of the words.
      const branch = issue.errors.find((one) => one.some(({ code, path }) => (code === 'custom' && path.length === 0) !== isMapping(given)))
      return (branch ?? []).flatMap((one) => explainIssue({ ...one, path: [...issue.path, ...one.path] }, schema, value, hidden))
    }
    default:
      return [{ path, message: `${said} is not allowed (${issue.code}).`, allowed: undefined }]
  }
}
