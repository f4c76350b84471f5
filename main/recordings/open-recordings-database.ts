import { randomInt } from 'node:crypto'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import { readPosition } from '../store/position-table.ts'

/**
 * The search database, for the one who fills it. A new one gets a number of its own, by which those who remember places in it (the SIEM stream)
 * notice that it is another. Throws `StoreError`.
 */
export function openRecordingsDatabase(path: string): Db {
  const db = openDatabase(path, { migrations: recordingsMigrations })
  if (readPosition(db) === undefined && databaseNumber(db) === 0) db.pragma(`application_id = ${randomInt(1, 0x7fff_ffff)}`)
  return db
}

/** 0: made before numbers were given. */
export function databaseNumber(db: Db): number {
  return Number(db.pragma('application_id', { simple: true }))
}
