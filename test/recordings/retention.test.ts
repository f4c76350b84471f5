import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { describeRetention } from '../../main/recordings/describe-retention.ts'
import { keepHouse } from '../../main/recordings/keep-house.ts'
import { planRetention } from '../../main/recordings/plan-retention.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { journalDirectory, recordingsFile } from '../../main/store/files.ts'
import { fill, openSession, recorderOn, runStatement, temporaryDirectory, testKey } from './fixtures.ts'

const DAY = 86_400_000
const T0 = 1_790_000_000_000

/** Five days, a segment each; a session a day, one that goes over all of them and still runs. */
function fiveDays() {
  const dataDir = temporaryDirectory()
  let now = T0
  const ids: string[] = []
  let running = ''
  for (let day = 0; day < 5; day++) {
    now = T0 + day * DAY
    const recorder = recorderOn(dataDir, { clock: { now: () => now } })
    const session = openSession(recorder)
    if (day === 0) running = session.id
    else ids.push(session.id)
    runStatement(recorder, session, `SELECT secret_of_day_${day}`, ['x'])
    runStatement(recorder, session, 'SELECT shared', ['x'])
    if (day > 0) session.closed('done')
    recorder.close()
    fillAt(dataDir, now)
  }
  return { dataDir, ids, running, now }
}

function fillAt(dataDir: string, now: number): void {
  fill(dataDir, 1 << 20, () => now)
}

function retain(dataDir: string, maxAgeMs: number, maxBytes: number | undefined, now: number): void {
  const db = new Database(recordingsFile(dataDir))
  for (const _ of keepHouse(db, journalDirectory(dataDir), { maxAgeMs, maxBytes }, testKey, now));
  db.close()
}

function sessionsLeft(dataDir: string): string[] {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const ids = db.prepare<[], { id: string }>('SELECT id FROM sessions ORDER BY number').all()
  db.close()
  return ids.map((row) => row.id)
}

test('what is older than the age goes, whole, and what is left is still proved', () => {
  const { dataDir, ids, running, now } = fiveDays()
  expect(describeRetention(dataDir, { maxAgeMs: 2.5 * DAY, maxBytes: undefined }, now).sessions.map((one) => one.id)).toEqual([ids[0]])
  expect(sessionsLeft(dataDir)).toHaveLength(5)
  retain(dataDir, 2.5 * DAY, undefined, now)
  expect(sessionsLeft(dataDir)).toEqual([running, ...ids.slice(1)])
  expect(readdirSync(journalDirectory(dataDir)).sort()).toEqual(['000003.sjl', '000004.sjl', '000005.sjl'])
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], removed: 1, sessions: 4 })
})

test('nothing of a removed session is in any file any more, and what others share stays', () => {
  const { dataDir, now } = fiveDays()
  retain(dataDir, 2.5 * DAY, undefined, now)
  const db = new Database(recordingsFile(dataDir))
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const all = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('')
  expect(all).not.toContain('secret_of_day_1')
  expect(all).toContain('secret_of_day_2')
  expect(all).toContain('SELECT shared')
})

test('the host goes on behind a removed beginning, removes again, and all of it is proved', () => {
  const { dataDir, ids, now } = fiveDays()
  retain(dataDir, 2.5 * DAY, undefined, now)
  const recorder = recorderOn(dataDir, { clock: { now: () => now + DAY } })
  runStatement(recorder, openSession(recorder), 'SELECT later')
  recorder.close()
  fillAt(dataDir, now + DAY)
  retain(dataDir, 2.5 * DAY, undefined, now + DAY)
  expect(sessionsLeft(dataDir)).not.toContain(ids[1])
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], removed: 2 })
})

test.each([
  ['a removal is taken away', (db: Database.Database) => db.exec('DELETE FROM removals WHERE number = 1'), /Removal 1: it is missing/],
  [
    'the last removal is taken away',
    (db: Database.Database) => db.exec('DELETE FROM removals WHERE number = 2'),
    /Removal 2|does not follow/,
  ],
  [
    'a stub is changed',
    (db: Database.Database) => db.exec(`UPDATE removals SET body = replace(body, '"statements":2', '"statements":3')`),
    /signature/,
  ],
  [
    'the list of running sessions is changed',
    (db: Database.Database) => db.exec("UPDATE segments SET starts = '[]'"),
    /not the one that was signed/,
  ],
  [
    'a kept session is taken away as if removed',
    (db: Database.Database) =>
      db.exec('DELETE FROM chunks WHERE session = 3; DELETE FROM uses WHERE session = 3; DELETE FROM sessions WHERE number = 3'),
    /the journal has it, the database does not/,
  ],
] as const)('%s: found', (_what, work, words) => {
  const { dataDir, now } = fiveDays()
  retain(dataDir, 2.5 * DAY, undefined, now)
  const db = new Database(recordingsFile(dataDir))
  work(db)
  db.close()
  expect(
    verifyRecordings(dataDir)
      .faults.map((fault) => fault.text)
      .join('\n'),
  ).toMatch(words)
})

test('by size, the sessions that ended first go, as many as needed, and running ones never', () => {
  const { dataDir, running, now } = fiveDays()
  retain(dataDir, 1000 * DAY, 1, now)
  expect(sessionsLeft(dataDir)).toEqual([running])
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], removed: 4 })
})

test('files that a crash left behind after their removal was signed do not disturb, and go with the next run', () => {
  const { dataDir, now } = fiveDays()
  const left = readFileSync(join(journalDirectory(dataDir), '000001.sjl'))
  retain(dataDir, 2.5 * DAY, undefined, now)
  writeFileSync(join(journalDirectory(dataDir), '000001.sjl'), left)
  expect(verifyRecordings(dataDir).faults).toEqual([])
})

test('a plan keeps the journal file that a kept session ended in, and all behind it', () => {
  const file = (number: number) => ({ number, bytes: 10, begunAt: number * 100 })
  const ended = (number: number, endedAt: number, lastSegment: number) => ({ number, endedAt, bytes: 5, lastSegment })
  const rules = { maxAgeMs: 100, maxBytes: undefined }
  const files = [1, 2, 3, 4].map(file)
  expect(planRetention(rules, 500, [ended(1, 150, 1), ended(2, 450, 1)], files, 100)).toMatchObject({ sessions: [1], through: 0 })
  expect(planRetention(rules, 500, [ended(1, 150, 1), ended(2, 450, 3)], files, 100)).toMatchObject({
    sessions: [1],
    through: 2,
    bytes: 25,
  })
  expect(planRetention(rules, 500, [], [file(1)], 100)).toBeUndefined()
  expect(planRetention({ maxAgeMs: 1e9, maxBytes: 120 }, 500, [ended(1, 150, 1), ended(2, 450, 3)], files, 100)).toMatchObject({
    why: 'size',
    sessions: [1, 2],
  })
})
