import type { Db } from './open-database.ts'

/** Takes sessions and what only they need out of every table. */
export function prepareRemovals(db: Db) {
  const perSession = [
    // Bodies that no other session needs.
    `DELETE FROM objects WHERE id IN (SELECT object FROM session_objects WHERE session = @session)
       AND NOT EXISTS (SELECT 1 FROM session_objects o WHERE o.object = objects.id AND o.session <> @session)`,
    'DELETE FROM session_objects WHERE session = @session',
    'DELETE FROM found WHERE rowid IN (SELECT id FROM uses WHERE session = @session)',
    'DELETE FROM uses WHERE session = @session',
    'DELETE FROM acts WHERE session = @session',
    'DELETE FROM chunks WHERE session = @session',
    'DELETE FROM sessions WHERE number = @session',
  ].map((sql) => db.prepare(sql))
  const segments = db.prepare('DELETE FROM segments WHERE number <= ?')
  const heads = db.prepare("DELETE FROM heads WHERE CAST(json_extract(body, '$.segment') AS INTEGER) <= ?")
  return {
    removeSession: (session: number): void => {
      for (const statement of perSession) statement.run({ session })
    },
    removeSegments: (through: number): void => {
      segments.run(through)
      heads.run(through)
    },
  }
}
