import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { StreamPosition } from './read-audit.ts'

/** `database`: the number of the database that the places are of (`databaseNumber`). */
const schema = z.object({ chunk: z.number().int(), head: z.number().int(), lost: z.number().int(), database: z.number().int().default(0) })
const pathOf = (dataDir: string): string => join(dataDir, 'siem.json')

/**
 * Where the stream stands. From the beginning when there is no file yet, none that can be read, or when the database was made anew since: what was
 * delivered is then delivered again.
 */
export function readStreamPosition(dataDir: string, database: number): StreamPosition {
  try {
    const { chunk, head, lost, database: of } = schema.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8')))
    return of === database ? { chunk, head, lost } : { chunk: 0, head: 0, lost }
  } catch {
    return { chunk: 0, head: 0, lost: 0 }
  }
}

export function writeStreamPosition(dataDir: string, database: number, position: StreamPosition): void {
  const draft = `${pathOf(dataDir)}.new`
  writeFileSync(draft, JSON.stringify({ ...position, database }), { mode: 0o600 })
  renameSync(draft, pathOf(dataDir))
}
