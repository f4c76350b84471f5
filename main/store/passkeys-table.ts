import type { PasskeyStore, StoredPasskey } from '../passkeys/passkey-store.ts'
import type { Db } from './open-database.ts'

interface Row {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly public_key: Buffer
  readonly counter: number
  readonly transports: string
  readonly created_at: number
  readonly last_used_at: number | null
}

/** People's passkeys: public keys only, there is nothing in them to steal. */
export function preparePasskeys(db: Db): PasskeyStore {
  const insert = db.prepare(
    `INSERT INTO passkeys (id, issuer, subject, name, public_key, counter, transports, created_at)
     VALUES (@id, @issuer, @subject, @name, @publicKey, @counter, @transports, @createdAt) ON CONFLICT DO NOTHING`,
  )
  const ofPerson = db.prepare<[string, string], Row>('SELECT * FROM passkeys WHERE issuer = ? AND subject = ? ORDER BY created_at, id')
  const used = db.prepare('UPDATE passkeys SET counter = ?, last_used_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM passkeys WHERE issuer = ? AND subject = ? AND id = ?')
  const removeAll = db.prepare('DELETE FROM passkeys WHERE issuer = ? AND subject = ?')
  return {
    insert: ({ transports, ...passkey }) => insert.run({ ...passkey, transports: JSON.stringify(transports) }).changes === 1,
    ofPerson: (issuer, subject) => ofPerson.all(issuer, subject).map(passkeyOf),
    used: (id, counter, at) => void used.run(counter, at, id),
    remove: (issuer, subject, id) => remove.run(issuer, subject, id).changes === 1,
    removeAll: (issuer, subject) => removeAll.run(issuer, subject).changes,
  }
}

function passkeyOf(row: Row): StoredPasskey {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
