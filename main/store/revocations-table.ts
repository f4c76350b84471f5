import type { Revocation, RevocationStore } from '../identity/revocations.ts'
import type { Db } from './open-database.ts'

interface Row {
  readonly issuer: string
  readonly subject: string
  readonly at: number
  readonly groups: string | null
}

/** Which tokens count no more, kept over a restart. */
export function prepareRevocations(db: Db): RevocationStore {
  const all = db.prepare<[], Row>('SELECT issuer, subject, at, groups FROM token_revocations ORDER BY id')
  const insert = db.prepare('INSERT INTO token_revocations (issuer, subject, at, groups) VALUES (@issuer, @subject, @at, @groups)')
  const removeBefore = db.prepare('DELETE FROM token_revocations WHERE at < ?')
  return {
    all: () =>
      all.all().map(({ groups, ...row }): Revocation => ({ ...row, groups: groups === null ? null : (JSON.parse(groups) as string[]) })),
    insert: ({ groups, ...revocation }) => void insert.run({ ...revocation, groups: groups === null ? null : JSON.stringify(groups) }),
    removeBefore: (at) => void removeBefore.run(at),
  }
}
