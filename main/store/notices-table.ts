import type { Db } from './open-database.ts'

export interface NoticeRow {
  readonly id: number
  readonly receiver: string
  /** JSON. */
  readonly body: string
  readonly made_at: number
  readonly attempts: number
  readonly next_at: number
  readonly failed_at: number | null
  readonly failure: string | null
}

export function prepareNotices(db: Db) {
  const insert = db.prepare('INSERT INTO notices (receiver, body, made_at, next_at) VALUES (@receiver, @body, @at, @at)')
  const due = db.prepare<[string, number], NoticeRow>(
    'SELECT * FROM notices WHERE receiver = ? AND failed_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT 1',
  )
  const remove = db.prepare('DELETE FROM notices WHERE id = ?')
  const later = db.prepare('UPDATE notices SET attempts = attempts + 1, next_at = @nextAt, failure = @failure WHERE id = @id')
  const giveUp = db.prepare('UPDATE notices SET attempts = attempts + 1, failed_at = @at, failure = @failure WHERE id = @id')
  const waiting = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM notices WHERE receiver = ? AND failed_at IS NULL')
  const failed = db.prepare<[], { receiver: string; n: number; failure: string | null }>(
    'SELECT receiver, count(*) AS n, failure, max(failed_at) FROM notices WHERE failed_at IS NOT NULL GROUP BY receiver',
  )
  const retry = db.prepare('UPDATE notices SET failed_at = NULL, attempts = 0, next_at = ? WHERE failed_at IS NOT NULL')
  const removeOld = db.prepare('DELETE FROM notices WHERE failed_at < ?')
  const keepFailed = db.prepare(
    'DELETE FROM notices WHERE failed_at IS NOT NULL AND id NOT IN (SELECT id FROM notices WHERE failed_at IS NOT NULL ORDER BY id DESC LIMIT ?)',
  )
  const removeForeign = db.prepare('DELETE FROM notices WHERE receiver NOT IN (SELECT value FROM json_each(?))')
  return {
    add: (receiver: string, body: string, at: number): void => {
      insert.run({ receiver, body, at })
    },
    due: (receiver: string, now: number): NoticeRow | undefined => due.get(receiver, now),
    remove: (id: number): void => {
      remove.run(id)
    },
    later: (id: number, nextAt: number, failure: string): void => {
      later.run({ id, nextAt, failure })
    },
    giveUp: (id: number, at: number, failure: string): void => {
      giveUp.run({ id, at, failure })
    },
    waiting: (receiver: string): number => waiting.get(receiver)?.n ?? 0,
    /** How many were given up for each receiver, and why the last was. */
    failed: (): { receiver: string; n: number; failure: string | null }[] => failed.all(),
    /** Those that were given up wait anew. Returns how many. */
    retry: (now: number): number => retry.run(now).changes,
    /** Forgets what was given up before `before`, and all but the newest `keep` of it. */
    removeOld: (before: number, keep: number): void => {
      removeOld.run(before)
      keepFailed.run(keep)
    },
    /** What waits for receivers that are no longer configured. */
    keepOnly: (receivers: readonly string[]): void => {
      removeForeign.run(JSON.stringify(receivers))
    },
  }
}
