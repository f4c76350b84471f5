import type { Db } from '../store/open-database.ts'

/** Somebody's groups as their last web session has them; undefined: they have none any more. */
export function prepareGroupsNow(db: Db): (who: { readonly issuer: string; readonly subject: string }) => readonly string[] | undefined {
  const last = db.prepare<[string, string], { groups: string }>(
    'SELECT groups FROM web_sessions WHERE issuer = ? AND subject = ? ORDER BY seen_at DESC LIMIT 1',
  )
  return ({ issuer, subject }) => {
    const row = last.get(issuer, subject)
    return row === undefined ? undefined : JSON.parse(row.groups)
  }
}
