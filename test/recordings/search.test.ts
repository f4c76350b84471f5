import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { excerptOf } from '../../main/recordings/excerpt.ts'
import { exportCsv } from '../../main/recordings/export-csv.ts'
import { listEvents } from '../../main/recordings/read-events.ts'
import { listSessions } from '../../main/recordings/read-sessions.ts'
import { type StatementFilter, searchStatements } from '../../main/recordings/search-statements.ts'
import { readTimeline } from '../../main/recordings/timeline.ts'
import { recordingsFile } from '../../main/store/files.ts'
import { recordingsMigrations } from '../../main/store/migrations/index.ts'
import { recordings001 } from '../../main/store/migrations/recordings-001.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import type { SessionRow } from '../../main/store/sessions-table.ts'
import { allowed, describeOne, fill, judged, maya, openSession, recorderOn, rowOf, runStatement, temporaryDirectory } from './fixtures.ts'

const everything = { among: undefined, after: undefined, limit: 50 }

function record() {
  const dataDir = temporaryDirectory()
  let now = 1_000_000
  const recorder = recorderOn(dataDir, { clock: { now: () => now } })
  const sessions = ['Maya Lindqvist', 'Bo Ek'].map((name) =>
    recorder.opened({
      connection: name === 'Bo Ek' ? 'ledger' : 'shop',
      who: { ...maya, name, subject: name.slice(0, 2) },
      clientAddress: '127.0.0.1:1',
      applicationName: 'cursor',
      tls: false,
      at: now,
    }),
  )
  const run = (place: number, sql: string, table: string, effect: 'allow' | 'ask' | 'deny', labels: readonly string[] = []): void => {
    now += 120_000
    const relations = [{ relation: table, access: 'read' as const, via: undefined, offset: 0, length: 1, verb: undefined }]
    sessions[place]?.statement(judged(sql, { ...allowed, effect, labels }, { relations } as never), undefined)
    recorder.commit()
  }
  run(0, 'SELECT name FROM customers', 'public.customers', 'allow', ['pii'])
  run(1, 'UPDATE accounts SET x = 1', 'billing.accounts', 'ask')
  run(0, 'DROP TABLE orders', 'public.orders', 'deny')
  run(1, 'SELECT * FROM customers', 'billing.customers', 'allow')
  recorder.close()
  fill(dataDir)
  return { db: new Database(recordingsFile(dataDir), { readonly: true }), ids: sessions.map((session) => session.id) }
}

test.each<[string, StatementFilter, number[]]>([
  ['nothing: all of them, the newest first', {}, [4, 3, 2, 1]],
  ['a word', { q: 'customers' }, [4, 1]],
  ['the beginning of a word', { q: 'sel cust' }, []],
  ['the beginning of the last word', { q: 'select cust' }, [4, 1]],
  ['a word of the record itself: only that word', { q: 'name' }, [1]],
  ['a beginning that is said to be one', { q: 'custom*' }, [4, 1]],
  ['an object that only the facts name', { q: 'billing' }, [4, 2]],
  ['a connection', { connection: 'ledger' }, [4, 2]],
  ['a part of a person’s name', { person: 'lindq' }, [3, 1]],
  ['a subject', { person: 'Bo' }, [4, 2]],
  ['nobody', { person: 'nobody' }, []],
  ['a verdict', { verdict: 'deny' }, [3]],
  ['a table of any schema', { table: 'customers' }, [4, 1]],
  ['a table', { table: 'public.customers' }, [1]],
  ['a label', { label: 'pii' }, [1]],
  ['times', { from: 1_240_000, to: 1_360_000 }, [3, 2]],
  ['several together', { q: 'select', connection: 'shop', label: 'pii', verdict: 'allow', table: 'customers' }, [1]],
  ['words that mean something to the search', { q: 'x OR NOT "', table: 'a" OR "b', connection: ') OR (' }, []],
])('by %s', (_what, filter, expected) => {
  const { db } = record()
  expect([...searchStatements(db, filter, undefined)].map((use) => use.id)).toEqual(expected)
  db.close()
})

test('sessions are found by their statements, each once over all pages, the newest hit first', () => {
  const { db, ids } = record()
  const first = listSessions(db, { ...everything, q: 'customers', limit: 1 })
  expect(first.rows.map((row) => [row.id, row.excerpt])).toEqual([[ids[1], 'SELECT * FROM [customers]']])
  const second = listSessions(db, { ...everything, q: 'customers', limit: 1, after: first.next ?? undefined })
  expect(second.rows.map((row) => row.id)).toEqual([ids[0]])
  const pages: string[] = []
  for (let after: string | undefined; ; ) {
    const page = listSessions(db, { ...everything, table: 'customers', limit: 1, after })
    pages.push(...page.rows.map((row) => row.id))
    if (page.next === null) break
    after = page.next
  }
  expect(pages).toEqual([ids[1], ids[0]])
  expect(listSessions(db, { ...everything, person: 'maya' }).rows.map((row) => row.id)).toEqual([ids[0]])
  expect(listSessions(db, { ...everything, q: 'customers', among: { ids: [ids[0] ?? ''], inside: true } }).rows).toHaveLength(1)
  db.close()
})

test('a record of an earlier version is brought up, and found by what was known of it', () => {
  const path = recordingsFile(temporaryDirectory())
  const old = openDatabase(path, { migrations: [recordings001] })
  old.exec(`INSERT INTO sessions (number, id, connection, issuer, subject, name, kind, groups, client_address, application, tls, started_at, head)
      VALUES (1, 'a', 'shop', 'https://i', 'm', 'Maya', 'agent', '[]', '', '', 0, 5000, x'00');
    INSERT INTO objects (id, sha, kind, body) VALUES (7, x'01', 'text', CAST('SELECT old_words' AS BLOB));
    INSERT INTO session_texts (session, object) VALUES (1, 7);
    INSERT INTO chunks (session, first_seq, last_seq, packed, body) VALUES (1, 1, 1, 0, x'00')`)
  old.close()
  const db = openDatabase(path, { migrations: recordingsMigrations })
  const who = { issuer: 'https://i', subject: 'm' }
  expect([...searchStatements(db, { q: 'old_words', connection: 'shop', who }, undefined)]).toHaveLength(1)
  expect([...searchStatements(db, { q: 'old_words', connection: 'other' }, undefined)]).toHaveLength(0)
  expect(db.prepare('SELECT id FROM chunks').all()).toEqual([{ id: 1 }])
  db.close()
})

test('an excerpt shows the hits, whatever stands around them', () => {
  expect(excerptOf(`SELECT ${'x, '.repeat(100)} secret_column FROM t`, 'secret_col')).toMatch(/^….*\[secret_col\]umn FROM t$/)
  expect(excerptOf('SELECT 1', 'nothing of it')).toBe('SELECT 1')
  expect(excerptOf('SELECT a.b', 'a b')).toBe('SELECT [a].[b]')
})

test('a long session is read from any time or statement, and an answer over many chunks keeps its columns', () => {
  const dataDir = temporaryDirectory()
  let now = 1_790_000_000_000
  const recorder = recorderOn(dataDir, { clock: { now: () => now }, resultBytesPerStatement: 4 << 20 })
  const session = openSession(recorder)
  for (let i = 0; i < 50; i++) {
    now += 1000
    runStatement(recorder, session, `SELECT ${i}`, ['x'])
  }
  const number = session.statement(judged('SELECT big'), undefined)
  recorder.commit()
  for (let i = 0; i < 4; i++) {
    const frames = Buffer.concat([...(i === 0 ? [describeOne('v')] : []), ...Array.from({ length: 30 }, () => rowOf('y'.repeat(10_000)))])
    session.response(number, frames, 0, frames.length)
    recorder.commit()
  }
  recorder.close()
  fill(dataDir)
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const row = db.prepare<[], SessionRow>('SELECT * FROM sessions').get()!
  const noLabels = (): undefined => undefined
  expect(listEvents(db, row.number, noLabels, { from: 1_790_000_010_000 }, 1)[0]).toMatchObject({ kind: 'statement', statement: 10 })
  expect(listEvents(db, row.number, noLabels, { statement: 30 }, 2)).toMatchObject([
    { sql: 'SELECT 29' },
    { kind: 'verdict', statement: 30 },
  ])
  expect(listEvents(db, row.number, noLabels, { from: 9_999_999_999_999 }, 2)).toEqual([])
  const last = listEvents(db, row.number, noLabels, { after: row.events - 1 }, 5)
  expect(last).toMatchObject([{ kind: 'rows', statement: 51, columns: [{ name: 'v', type: 'text' }] }])
  const timeline = readTimeline(db, row)
  expect(timeline.windows[0]?.firstSeq).toBe(1)
  expect(timeline.windows.at(-1)?.lastSeq).toBe(row.events)
  expect(timeline.windows.reduce((sum, window) => sum + window.statements, 0)).toBe(51)
  for (const [i, window] of timeline.windows.entries()) if (i > 0) expect(window.firstSeq).toBe((timeline.windows[i - 1]?.lastSeq ?? 0) + 1)
  db.close()
})

test('the audit as CSV: a line for each statement, quoted, and nothing that a spreadsheet would run', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT "a",\n b', ['x', 'y'])
  session.statement(judged('=cmd()', { ...allowed, effect: 'deny' }), undefined)
  recorder.close()
  fill(dataDir)
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const lines = [...exportCsv(db, db.prepare<[], SessionRow>('SELECT * FROM sessions').get()!)]
  db.close()
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/,2,1,shop,Maya Lindqvist,.*,allow,,,,2,\d+,1.5,,SELECT 2,,"SELECT ""a"",\n b"$/s)
  expect(lines[1]).toMatch(/,deny,,,,,,,,,,'=cmd\(\)$/)
})
