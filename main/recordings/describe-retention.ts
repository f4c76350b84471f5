import { journalDirectory, recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import type { RetentionRules } from './plan-retention.ts'
import { listSegments } from './recover-journal.ts'
import { readRetentionPlan } from './retention.ts'

export interface RetentionDescription {
  readonly sessions: readonly {
    readonly id: string
    readonly connection: string
    readonly name: string
    readonly endedAt: number
    readonly statements: number
  }[]
  readonly journalFiles: number
  /** About what is freed. */
  readonly bytes: number
}

/** What retention would remove now, for people. Reads only. Throws `StoreError` when there is nothing to read. */
export function describeRetention(dataDir: string, rules: RetentionRules, now: number): RetentionDescription {
  const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
  try {
    return describeRetentionOf(db, journalDirectory(dataDir), rules, now)
  } finally {
    db.close()
  }
}

export function describeRetentionOf(db: Db, directory: string, rules: RetentionRules, now: number): RetentionDescription {
  const plan = readRetentionPlan(db, directory, rules, now)
  const read = db.prepare<[number], RetentionDescription['sessions'][number]>(
    'SELECT id, connection, name, ended_at AS endedAt, statements FROM sessions WHERE number = ?',
  )
  return {
    sessions: (plan?.sessions ?? []).flatMap((number) => read.get(number) ?? []),
    journalFiles: listSegments(directory).filter((number) => number <= (plan?.through ?? 0)).length,
    bytes: plan?.bytes ?? 0,
  }
}
