import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { readEvents } from '../../main/recordings/canonical.ts'
import { exportSession } from '../../main/recordings/export-session.ts'
import { RecordingsFiller } from '../../main/recordings/fill-recordings.ts'
import { segmentName } from '../../main/recordings/journal-format.ts'
import { openRecordings } from '../../main/recordings/open-recordings.ts'
import { listEvents } from '../../main/recordings/read-events.ts'
import { listSessions } from '../../main/recordings/read-sessions.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { journalDirectory, recordingsFile } from '../../main/store/files.ts'
import { recordingsMigrations } from '../../main/store/migrations/index.ts'
import { type Db, openDatabase } from '../../main/store/open-database.ts'
import type { SessionRow } from '../../main/store/sessions-table.ts'
import { fill, openSession, recorderOn, runStatement, temporaryDirectory, testKey } from './fixtures.ts'

const everything = { q: undefined, connection: undefined, among: undefined, who: undefined, after: undefined, limit: 50 }
const noLabels = (): undefined => undefined
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

function recordThree(): { dataDir: string; id: string } {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT one', ['a', 'b'])
  runStatement(recorder, session, 'SELECT two FROM customers', ['c'])
  runStatement(recorder, session, 'SELECT three')
  session.closed('the client left')
  recorder.close()
  fill(dataDir)
  return { dataDir, id: session.id }
}

function tamper(dataDir: string, change: (db: Db) => void): void {
  const db = new Database(recordingsFile(dataDir))
  change(db)
  db.close()
}

test('what was recorded comes back as events, in order, with rows as text', () => {
  const { dataDir } = recordThree()
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const [row] = listSessions(db, everything).rows
  expect(row).toMatchObject({ statements: 3, allowed: 3, rows: 3, ended_at: 1_790_000_000_000, end_reason: 'the client left' })
  const events = listEvents(db, row?.number ?? 0, noLabels, { after: 0 }, 100)
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
  expect(events.map((event) => event.kind)).toEqual([
    'opened',
    ...['statement', 'verdict', 'sent', 'rows', 'finished'],
    ...['statement', 'verdict', 'sent', 'rows', 'finished'],
    ...['statement', 'verdict', 'sent', 'rows', 'finished'],
    'closed',
  ])
  expect(events[1]).toMatchObject({ kind: 'statement', statement: 1, sql: 'SELECT one' })
  expect(events[4]).toMatchObject({ kind: 'rows', columns: [{ name: 'v', type: 'text' }], rows: [['a'], ['b']], cut: false })
  expect(listEvents(db, row?.number ?? 0, noLabels, { after: 9 }, 2).map((event) => event.seq)).toEqual([10, 11])
  db.close()
})

test('statements are found by their words, and what was typed is never an operator', () => {
  const { dataDir, id } = recordThree()
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const find = (q: string) => listSessions(db, { ...everything, q }).rows.map((row) => row.id)
  expect(find('customers')).toEqual([id])
  expect(find('custom')).toEqual([id])
  expect(find('orders')).toEqual([])
  expect(find('"')).toEqual([])
  expect(find('one NOT two')).toEqual([])
  expect(listSessions(db, { ...everything, q: 'customers' }).rows[0]?.excerpt).toBe('SELECT two FROM [customers]')
  db.close()
})

test('filling in small steps, with a new filler each time as after a crash, gives the same chain', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir, { segmentBytes: 3000 })
  const sessions = [openSession(recorder), openSession(recorder)]
  for (let i = 0; i < 40; i++) {
    for (const session of sessions) runStatement(recorder, session, `SELECT ${i % 5}`, ['x'])
    if (i % 7 !== 0) continue
    recorder.commit()
    const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations })
    const filler = new RecordingsFiller(db, journalDirectory(dataDir), testKey)
    filler.pass(500)
    filler.close()
    db.close()
  }
  recorder.close()
  fill(dataDir, 300)
  const result = verifyRecordings(dataDir)
  expect(result).toMatchObject({ faults: [], sessions: 2, behindBytes: 0 })
  expect(result.events).toBe(2 * (1 + 40 * 5))
})

test('an untouched record is proved whole', () => {
  const { dataDir, id } = recordThree()
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], sessions: 1, events: 17, removed: 0, behindBytes: 0, keys: [testKey.id] })
  expect(verifyRecordings(dataDir, { session: id }).faults).toEqual([])
  expect(verifyRecordings(dataDir, { session: 'nobody' }).faults).toHaveLength(1)
})

test.each([
  [
    'a changed event',
    8,
    (db: Db) => editChunk(db, (body) => replaceAll(body, '"kind":"verdict","statement":2', '"kind":"verdict","statement":7')),
  ],
  ['a changed row', 5, (db: Db) => editChunk(db, (body) => replaceAll(body, '\x00\x01a', '\x00\x01z'))],
  ['a removed event', 7, (db: Db) => editChunk(db, (body) => withoutEvent(body, 7))],
  ['two events in another order', 3, (db: Db) => editChunk(db, (body) => swapEvents(body, 3, 4))],
  ['an event put in twice', 5, (db: Db) => editChunk(db, (body) => swapEvents(body, 4, 4))],
  ['a removed end', 17, (db: Db) => editChunk(db, (body) => withoutEvent(body, 17))],
  ['a removed chunk', 1, (db: Db) => db.exec('DELETE FROM chunks')],
  ['a changed text', 7, (db: Db) => db.exec("UPDATE objects SET body = CAST('SELECT 2' AS BLOB) WHERE CAST(body AS TEXT) LIKE '%two%'")],
  ['a removed verdict', 3, (db: Db) => db.exec("DELETE FROM objects WHERE kind = 'verdict'")],
  ['another person in the list', 1, (db: Db) => db.exec("UPDATE sessions SET subject = 'somebody'")],
] as const)('%s is found, at the right event', (_what, seq, change) => {
  const { dataDir, id } = recordThree()
  tamper(dataDir, change)
  const { faults } = verifyRecordings(dataDir)
  expect(faults[0]).toMatchObject({ where: 'session', session: id, seq })
})

test('a session taken away whole is found by the journal', () => {
  const { dataDir } = recordThree()
  tamper(dataDir, (db) => db.exec('DELETE FROM chunks; DELETE FROM sessions'))
  expect(verifyRecordings(dataDir).faults[0]?.text).toMatch(/the journal has it, the database does not/)
})

test('a changed, a shortened and a removed journal file are found', () => {
  for (const [change, words] of [
    [(file: string) => flip(file, 'SELECT two'), /what stands there was changed/],
    [(file: string) => writeFileSync(file, readFileSync(file).subarray(0, 60)), /header was changed/],
  ] as const) {
    const { dataDir } = recordThree()
    change(join(journalDirectory(dataDir), segmentName(1)))
    expect(verifyRecordings(dataDir).faults.find((fault) => fault.where === 'journal')?.text).toMatch(words)
  }
})

test('a session that a crash left open is closed at the next start, in the chain', async () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT 1')
  recorder.commit()
  const again = openRecordings({
    dataDir,
    resultBytesPerStatement: 1024,
    sync: 'interval',
    signingKey: testKey,
    retention: { maxAgeMs: 1e12, maxBytes: undefined },
    policyText: () => undefined,
    clock: { now: () => 1_790_000_005_000 },
    log: quiet,
  })
  await again.close()
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  expect(db.prepare('SELECT end_reason FROM sessions').get()).toEqual({ end_reason: 'the host stopped without closing this session' })
  db.close()
  expect(verifyRecordings(dataDir).faults).toEqual([])
})

test('an export holds all that the chain is made of', () => {
  const { dataDir } = recordThree()
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const row = db.prepare<[], SessionRow>('SELECT * FROM sessions').get()
  const lines = row === undefined ? [] : [...exportSession(db, row)].map((line) => JSON.parse(line))
  expect(lines.filter((line) => 'event' in line)).toHaveLength(17)
  expect(lines.at(-1).hash).toBe(lines[0].head)
  expect(lines.filter((line) => line.kind === 'text')).toHaveLength(3)
  db.close()
})

test('only what the client was given is in any file: a value that was masked on the way is nowhere', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT ssn FROM customers', ['***'])
  session.closed('done')
  recorder.close()
  fill(dataDir)
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThanOrEqual(2)
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    expect(readFileSync(path).includes('078-05-1120'), path).toBe(false)
    expect(statSync(path).mode & 0o077, path).toBe(0)
  }
})

function editChunk(db: Db, edit: (body: Buffer) => Buffer): void {
  const row = db.prepare<[], { body: Buffer; packed: number }>('SELECT body, packed FROM chunks').get()
  if (row === undefined) throw new Error('no chunk')
  const body = edit(row.packed === 1 ? zstdDecompressSync(row.body) : row.body)
  db.prepare('UPDATE chunks SET body = ?, packed = 0').run(body)
}

function replaceAll(body: Buffer, from: string, to: string): Buffer {
  const at = body.indexOf(from, 0, 'latin1')
  if (at === -1) throw new Error(`${from} is not there`)
  const copy = Buffer.from(body)
  copy.write(to, at, 'latin1')
  return copy
}

function splitEvents(body: Buffer): Buffer[] {
  return [...readEvents(body)].map((event) => Buffer.concat([event.encoded, Buffer.from(event.hash, 'latin1')]))
}

function withoutEvent(body: Buffer, seq: number): Buffer {
  return Buffer.concat(splitEvents(body).filter((_, i) => i !== seq - 1))
}

/** With the same number twice: that event stands there twice. */
function swapEvents(body: Buffer, a: number, b: number): Buffer {
  const events = splitEvents(body)
  const [first, second] = [events[a - 1], events[b - 1]]
  if (first === undefined || second === undefined) throw new Error('no such event')
  if (a === b) events.splice(a, 0, first)
  else {
    events[a - 1] = second
    events[b - 1] = first
  }
  return Buffer.concat(events)
}

function flip(file: string, text: string): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf(text)
  bytes[at] = 0x78
  writeFileSync(file, bytes)
}
