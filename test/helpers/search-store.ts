/** A search store of any size, filled directly: what a search looks at, without the events themselves. */
import { createHash } from 'node:crypto'
import { facets } from '../../main/recordings/facets.ts'
import { prepareObjects } from '../../main/store/objects-table.ts'
import type { Db } from '../../main/store/open-database.ts'
import { prepareSessions } from '../../main/store/sessions-table.ts'
import { prepareUses } from '../../main/store/uses-table.ts'
import { randomSource } from './random.ts'

/** A statement makes five events: statement, verdict, sent, rows, finished. */
export const EVENTS_PER_STATEMENT = 5
const STATEMENTS_PER_SESSION = 100
const PEOPLE = 200
const CONNECTIONS = ['shop', 'ledger', 'warehouse']
const TABLES = Array.from({ length: 300 }, (_, i) => `public.table_${i}`)

/** Fills `statements` statements over a year, some words common and some rare. Returns the last time. */
export function fillSearchStore(db: Db, statements: number): number {
  const random = randomSource(42)
  const uses = prepareUses(db)
  const store = prepareObjects(db)
  const sessions = prepareSessions(db)
  const step = Math.floor((365 * 86_400_000) / statements)
  let at = 1_750_000_000_000
  let session = { number: 0, words: '' }
  const fillSome = db.transaction((from: number, to: number) => {
    for (let i = from; i < to; i++) {
      at += step
      if (i % STATEMENTS_PER_SESSION === 0) session = begin(i / STATEMENTS_PER_SESSION)
      const table = TABLES[Math.floor(random.below(TABLES.length) ** 2 / TABLES.length)] ?? 'public.table_0'
      const effect = random.below(50) === 0 ? 'deny' : random.below(20) === 0 ? 'ask' : 'allow'
      const label = random.below(40) === 0 ? facets.label('pii') : ''
      const rare = random.below(10_000) === 0 ? ', needle_column' : ''
      const sql = `SELECT id, name, status${rare} FROM ${table} WHERE id = ${i} AND updated_at > now() - interval '${random.below(100)} days'`
      const sha = createHash('sha256').update(sql).digest()
      store('text', sha, Buffer.from(sql))
      const short = table.slice(table.indexOf('.') + 1)
      uses.use(
        { session: session.number, object: i + 1, statement: (i % STATEMENTS_PER_SESSION) + 1, seq: 2, at, effect },
        {
          sql,
          names: `${table} ${table}.id ${table}.name`,
          facets: `${session.words} ${facets.verdict(effect)} ${label} ${facets.table(table)} ${facets.table(short)}`,
        },
      )
    }
  })
  for (let from = 0; from < statements; from += 20_000) fillSome(from, Math.min(statements, from + 20_000))
  return at

  function begin(n: number): { number: number; words: string } {
    const person = n % PEOPLE
    const connection = CONNECTIONS[n % CONNECTIONS.length] ?? 'shop'
    const who = { issuer: 'https://login.test', subject: `person-${person}`, name: `Person ${person}`, kind: 'agent' }
    uses.person(who)
    const number = sessions.begin({
      id: `session-${n}`,
      connection,
      ...who,
      client: 'cursor',
      groups: '[]',
      clientAddress: '127.0.0.1',
      application: 'cursor',
      tls: 1,
      startedAt: at,
      head: Buffer.alloc(32),
    })
    return { number, words: `${facets.session(number)} ${facets.connection(connection)} ${facets.person(who.issuer, who.subject)}` }
  }
}
