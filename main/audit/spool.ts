import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from '../../proxy/ports.ts'
import { ACTS, type ActDetails, type ActName, actDetailsSchema } from '../contract/audit.ts'
import { type Audit, HOST_ACTOR } from './audit.ts'

const schema = z.strictObject({
  act: z.custom<ActName>((name) => typeof name === 'string' && Object.hasOwn(ACTS, name)),
  at: z.number().int(),
  details: actDetailsSchema,
})
const folderOf = (dataDir: string): string => join(dataDir, 'acts')
const LOOK_MS = 5000

/** Leaves an act of the command line for the host to record: only one process writes the journal. The host does it at once, or when it starts. */
export function leaveAct(dataDir: string, act: ActName, at: number, details: ActDetails): void {
  const folder = folderOf(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${at}-${randomUUID()}.json`), JSON.stringify({ act, at, details }), { mode: 0o600, flag: 'wx' })
}

/** Records what the command line left, now and from time to time. Returns what stops it. */
export function recordLeftActs(dataDir: string, audit: Audit, log: Log): () => void {
  const look = (): void => {
    try {
      takeActs(dataDir, audit, log)
    } catch (cause) {
      log.error('acts-not-recorded', { reason: cause instanceof Error ? cause.message : String(cause) })
    }
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function takeActs(dataDir: string, audit: Audit, log: Log): void {
  const folder = folderOf(dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (!name.endsWith('.json')) continue
    const left = schema.safeParse(parse(readFileSync(path, 'utf8')))
    if (left.success) audit.record(HOST_ACTOR, left.data.act, { ...left.data.details, at: left.data.at })
    else log.warn('act-not-understood', { file: name })
    rmSync(path)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A file that was cut off: the schema refuses it.
    return undefined
  }
}
