import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { z } from 'zod'

export interface Kept<T> {
  readonly value: T
  /** What was wrong with the file, in a sentence; it was put aside as `FILE.damaged` and the value is the one for a first start. */
  readonly fault: string | undefined
}

/** Reads a small file of the app's own. A missing one is a first start; a damaged one is put aside, said, and never guessed at. */
export function readJson<Schema extends z.ZodType>(path: string, schema: Schema, first: z.output<Schema>): Kept<z.output<Schema>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    return { value: first, fault: code === 'ENOENT' ? undefined : `${path} cannot be read (${code}).` }
  }
  const parsed = schema.safeParse(parse(text))
  if (parsed.success) return { value: parsed.data, fault: undefined }
  const issue = parsed.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  try {
    renameSync(path, `${path}.damaged`)
  } catch (cause) {
    return { value: first, fault: `${path} is damaged${where}, and could not be put aside: ${messageOf(cause)}` }
  }
  return { value: first, fault: `${path} was damaged${where}. It was put aside as ${path}.damaged; the settings start anew.` }
}

/** All or nothing, for this account only (0600). Throws what the file system says. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
