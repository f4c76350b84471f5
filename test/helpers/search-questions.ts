import { listSessions } from '../../main/recordings/read-sessions.ts'
import { type StatementFilter, searchStatements } from '../../main/recordings/search-statements.ts'
import type { Db } from '../../main/store/open-database.ts'

export interface Answered {
  readonly what: string
  readonly found: number
  readonly ms: number
}

/** Asks what people ask, each once cold and five times warm; the slowest warm time counts. `last`: the time of the newest statement. */
export function askQuestions(db: Db, last: number): Answered[] {
  const month = { from: last - 60 * 86_400_000, to: last - 30 * 86_400_000 }
  const questions: [string, StatementFilter][] = [
    ['nothing: the newest', {}],
    ['a word in every statement', { q: 'select' }],
    ['a rare word', { q: 'needle_column' }],
    ['a word that is nowhere', { q: 'haystack' }],
    ['the beginning of a word', { q: 'select needl' }],
    ['a verdict', { verdict: 'deny' }],
    ['a person', { person: 'Person 17' }],
    ['a connection, a common word', { connection: 'ledger', q: 'status' }],
    ['a rare table', { table: 'public.table_299' }],
    ['a label that was denied', { label: 'pii', verdict: 'deny' }],
    ['a month of last quarter', month],
    ['all of it together', { q: 'name', person: 'Person 17', connection: 'warehouse', verdict: 'allow', table: 'table_0', ...month }],
    ['common words that rarely meet', { q: 'needle_column interval', verdict: 'deny', label: 'pii' }],
  ]
  return questions.flatMap(([what, filter]) => [
    timed(`statements: ${what}`, () => take(searchStatements(db, filter, undefined), 50)),
    timed(`sessions: ${what}`, () => listSessions(db, { ...filter, among: undefined, after: undefined, limit: 50 }).rows.length),
  ])
}

function timed(what: string, ask: () => number): Answered {
  let found = ask()
  let ms = 0
  for (let i = 0; i < 5; i++) {
    const since = performance.now()
    found = ask()
    ms = Math.max(ms, performance.now() - since)
  }
  return { what, found, ms }
}

function take(rows: Iterable<unknown>, limit: number): number {
  let found = 0
  for (const _ of rows) if (++found === limit) break
  return found
}
