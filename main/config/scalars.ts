import { isIP } from 'node:net'
import { RE2JS } from 're2js'
import { z } from 'zod'
import { Secret } from './secret.ts'
import { isLoopback, parseDuration, parseHours, parseListen, parseSize } from './units.ts'

/** What a schema of this file says of itself in the JSON Schema for editors. */
export type SchemaWords = Readonly<Record<string, unknown>>

const WORDS = new WeakMap<z.core.$ZodType, SchemaWords>()
const SECRETS = new WeakSet<z.core.$ZodType>()

export const wordsOf = (schema: z.core.$ZodType): SchemaWords | undefined => WORDS.get(schema)

/** Whether what stands there is a credential: kept out of texts that people read. */
export const isSecret = (schema: z.core.$ZodType): boolean => SECRETS.has(schema)

/** What `explain-issue.ts` finds in the `params` of a fault made here. */
export interface ScalarIssue {
  readonly allowed: string
  /** Says what is wrong where "is not …" would not be enough. */
  readonly why?: string
  /** For did-you-mean. */
  readonly choices?: readonly string[]
}

class Unreadable extends Error {}

/** A value that `read` understands. Missing, of a wrong type and not understood are told apart by `explain-issue.ts`, which knows the value. */
function scalar<T>(issue: ScalarIssue, read: (value: unknown) => T | undefined, words: SchemaWords = { type: 'string' }) {
  const schema = z.unknown().transform((value, context): T => {
    let why: string | undefined
    try {
      const result = read(value)
      if (result !== undefined) return result
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      why = error.message
    }
    context.addIssue({ code: 'custom', message: 'unreadable', params: why === undefined ? { ...issue } : { ...issue, why } })
    return z.NEVER
  })
  WORDS.set(schema, { ...words, description: issue.allowed })
  return schema
}

const fromText =
  <T>(read: (text: string) => T | undefined) =>
  (value: unknown): T | undefined =>
    typeof value === 'string' ? read(value) : undefined

/** Text for people or other systems: one to 1000 characters, no control characters. */
export const text = (what: string) =>
  scalar(
    { allowed: `${what}: text of 1 to 1000 characters on one line` },
    fromText((t) => (/^[^\p{Cc}]{1,1000}$/u.test(t) && t.trim() !== '' ? t : undefined)),
    { type: 'string', minLength: 1, maxLength: 1000 },
  )

/** A name that others refer to. A connection's name is the database name of a connection URL. */
export const name = (what: string) =>
  scalar(
    { allowed: `${what}: letters, digits, "_", "-" and ".", at most 63, starting with a letter or digit` },
    fromText((t) => (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(t) ? t : undefined)),
    { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$' },
  )

export const choice = <const T extends string>(choices: readonly T[]) =>
  scalar(
    { allowed: choices.join(', '), choices },
    fromText((t) => choices.find((c) => c === t)),
    { enum: choices },
  )

/** Milliseconds. */
export const duration = () =>
  scalar({ allowed: 'a duration above zero with its unit (ms, s, m, h, d): 30s, 10m, 90d' }, fromText(parseDuration))

/** Bytes. */
export const size = () => scalar({ allowed: 'a size above zero with its unit (B, KiB, MiB, GiB): 64MiB' }, fromText(parseSize))

export const listen = () => scalar({ allowed: 'host:port, such as 127.0.0.1:6432 (port 0 is any free port)' }, fromText(parseListen))

export const hours = () =>
  scalar(
    { allowed: '"09:00-17:30", "mon-fri 09:00-17:30" or "sat,sun 00:00-24:00" (write hours past midnight as two rules)' },
    fromText(parseHours),
  )

/** A whole number, also as the digits that a reference gives. */
export const count = (min: number, max: number) =>
  scalar(
    { allowed: `a whole number from ${min} to ${max}` },
    (value) => {
      const number = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value
      return Number.isInteger(number) && (number as number) >= min && (number as number) <= max ? (number as number) : undefined
    },
    {
      oneOf: [
        { type: 'integer', minimum: min, maximum: max },
        { type: 'string', pattern: '^([0-9]{1,15}|\\$\\{(env|file|vault):[^}]+\\})$' },
      ],
    },
  )

/** A credential. Its value never comes into a fault, nor into a version of the configuration: `keep-secrets.ts`. */
export const secret = () => {
  const schema = scalar(
    { allowed: `\${env:NAME}, \${file:PATH}, \${vault:NAME}, or the text itself (which the host moves into its vault)` },
    fromText((t) => (t === '' ? undefined : new Secret(t))),
  )
  SECRETS.add(schema)
  return schema
}

function url(text: string): URL {
  if (!URL.canParse(text)) throw new Unreadable('is not a URL.')
  const parsed = new URL(text)
  if (parsed.username !== '' || parsed.password !== '') throw new Unreadable('holds a user name or password, which a URL here must not.')
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    throw new Unreadable('is http off loopback: what it serves could be changed on the way.')
  }
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') throw new Unreadable('is neither https nor http.')
  return parsed
}

/** OpenID Connect Discovery 1.0 section 2: compared character by character, so it is kept as written. */
export const issuer = () =>
  scalar(
    { allowed: 'the https URL of the provider exactly as in its discovery document, without query or fragment; http only for loopback' },
    fromText((t) => {
      const parsed = url(t)
      return parsed.search === '' && parsed.hash === '' && !/[?#]/.test(t) ? t : undefined
    }),
  )

/** Scheme, host and port only: pages and cookies live at the root. */
export const origin = () =>
  scalar(
    { allowed: 'https://host or https://host:port, without a path; http only for loopback' },
    fromText((t) => {
      const parsed = url(t)
      return parsed.pathname === '/' && parsed.search === '' && parsed.hash === '' ? parsed.origin : undefined
    }),
  )

/** RE2 syntax: linear time whatever the text. It must not match the empty text, which is everywhere. */
export const regex = () =>
  scalar(
    { allowed: 'a regular expression in RE2 syntax (no look-around, no back-references)' },
    fromText((t) => {
      if (t === '') return undefined
      try {
        if (!RE2JS.compile(t).matcher('').matches()) return t
      } catch (error) {
        throw new Unreadable(`cannot be compiled: ${error instanceof Error ? error.message : String(error)}.`)
      }
      throw new Unreadable('matches the empty text, so it would match everywhere.')
    }),
  )

const PATTERN_PARTS = {
  2: 'schema.name with "*" for any characters: public.customers, public.*, *.*',
  3: 'schema.table.column with "*" for any characters: public.customers.ssn, public.*.ssn',
} as const

/** `schema.table` (2 parts) or `schema.table.column` (3); `*` stands for any characters within its part. */
export const dotted = (parts: 2 | 3) =>
  scalar(
    { allowed: PATTERN_PARTS[parts] },
    fromText((t) => {
      const given = t.split('.')
      return given.length === parts && given.every((part) => /^[^\p{Cc}\s"]{1,63}$/u.test(part)) ? t : undefined
    }),
  )

/** `public.full_name(integer, text)`: what an admin vouches for is one overload. */
export const signature = () =>
  scalar(
    { allowed: 'schema.name(argument types), such as public.full_name(integer)' },
    fromText((t) => (/^[^\p{Cc}\s".()]{1,63}\.[^\p{Cc}\s".()]{1,63}\([^\p{Cc}()]{0,1000}\)$/u.test(t) ? t : undefined)),
  )

/** A statement of a policy test: any text that could be sent. */
export const sql = () =>
  scalar(
    { allowed: 'one SQL string, as an agent would send it' },
    fromText((t) => (t.trim() !== '' && t.length <= 100_000 && !t.includes('\0') ? t : undefined)),
    { type: 'string', minLength: 1, maxLength: 100_000 },
  )

/** `2026-01-05T10:00`, in the host's local time: as rules with `hours` are. */
export const moment = () =>
  scalar(
    { allowed: 'a local date and time: 2026-01-05T10:00' },
    fromText((t) => {
      const date = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$/.test(t) ? new Date(t) : undefined
      return date !== undefined && !Number.isNaN(date.getTime()) ? date : undefined
    }),
    { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$' },
  )

/** Where HashiCorp Vault listens: scheme, host, port and perhaps a path. */
export const serverUrl = () =>
  scalar(
    { allowed: 'an https address, such as https://vault.corp:8200; http only for loopback' },
    fromText((t) => {
      const parsed = url(t)
      return parsed.search === '' && parsed.hash === '' ? t.replace(/\/+$/, '') : undefined
    }),
  )

/** A path of HashiCorp Vault: `database`, `teams/a/database`. */
export const mountPath = () =>
  scalar(
    { allowed: 'letters, digits, "_", "-", "." and "/": database' },
    fromText((t) => (/^[A-Za-z0-9_.-]{1,100}(\/[A-Za-z0-9_.-]{1,100}){0,8}$/.test(t) && !t.split('/').includes('..') ? t : undefined)),
  )

export const sha256 = () =>
  scalar(
    { allowed: 'the SHA-256 of the function’s source: 64 hexadecimal digits' },
    fromText((t) => (/^[0-9a-fA-F]{64}$/.test(t) ? t.toLowerCase() : undefined)),
  )

/** A plain IPv4 or IPv6 address. */
export const ipAddress = () =>
  scalar(
    { allowed: 'an address such as 10.0.0.2 or fd00::2' },
    fromText((t) => (isIP(t) === 0 ? undefined : t)),
  )

/** Where events are posted to. Plain http only on loopback: statements are in it. */
export const collector = () =>
  scalar(
    { allowed: 'an https address; http only for loopback' },
    fromText((t) => {
      const url = URL.canParse(t) ? new URL(t) : undefined
      const usable = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
      return usable && url.username === '' && url.password === '' ? t : undefined
    }),
  )
