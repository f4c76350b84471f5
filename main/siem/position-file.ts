import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { StreamPosition } from './read-audit.ts'

const schema = z.object({ chunk: z.number().int(), head: z.number().int(), lost: z.number().int() })
const pathOf = (dataDir: string): string => join(dataDir, 'siem.json')

/** Where the stream stands. From the beginning when there is no file yet, or none that can be read: what was delivered is then delivered again. */
export function readStreamPosition(dataDir: string): StreamPosition {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8')))
  } catch {
    return { chunk: 0, head: 0, lost: 0 }
  }
}

export function writeStreamPosition(dataDir: string, position: StreamPosition): void {
  const draft = `${pathOf(dataDir)}.new`
  writeFileSync(draft, JSON.stringify(position), { mode: 0o600 })
  renameSync(draft, pathOf(dataDir))
}
