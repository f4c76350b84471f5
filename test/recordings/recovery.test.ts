import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { RecordingsFiller } from '../../main/recordings/fill-recordings.ts'
import { type JournalFiles, nodeJournalFiles } from '../../main/recordings/journal-files.ts'
import { segmentName } from '../../main/recordings/journal-format.ts'
import { openRecordingsDatabase } from '../../main/recordings/open-recordings-database.ts'
import { rebuildRecordings } from '../../main/recordings/rebuild-recordings.ts'
import type { JournalRecorder } from '../../main/recordings/recorder.ts'
import { carryOutRetention, readRetentionPlan } from '../../main/recordings/retention.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { damageOf } from '../../main/store/database-damage.ts'
import { journalDirectory, recordingsFile } from '../../main/store/files.ts'
import { fill, openSession, recorderOn, runStatement, temporaryDirectory, testKey } from './fixtures.ts'

const fileOf = (dataDir: string, segment: number): string => join(journalDirectory(dataDir), segmentName(segment))

function texts(dataDir: string): string[] {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const rows = db.prepare<[], { sql: string }>('SELECT CAST(o.body AS TEXT) AS sql FROM uses u JOIN objects o ON o.id = u.object').all()
  db.close()
  return rows.map((row) => row.sql).sort()
}

function rebuild(dataDir: string): { kept: string; documents: number } {
  const { db, kept, documents } = rebuildRecordings(dataDir, testKey, Date.now())
  db.close()
  return { kept, documents }
}

const removed: readonly [string, (file: string) => void][] = [
  ['removed', (file) => unlinkSync(file)],
  ['moved away', (file) => renameSync(file, `${file}.elsewhere`)],
  [
    'replaced',
    (file) => {
      const bytes = readFileSync(file)
      unlinkSync(file)
      writeFileSync(file, bytes.subarray(0, 90))
    },
  ],
]

test.each(removed)('a journal file that is %s under the host is put back whole, and the filler goes on in it', (_, take) => {
  const dataDir = temporaryDirectory()
  const incidents: string[] = []
  const recorder = recorderOn(dataDir, { onIncident: (sentence) => incidents.push(sentence) })
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT 1')
  const db = openRecordingsDatabase(recordingsFile(dataDir))
  const filler = new RecordingsFiller(db, journalDirectory(dataDir), testKey)
  filler.pass(1 << 20)
  take(fileOf(dataDir, 1))
  runStatement(recorder, session, 'SELECT 2')
  recorder.commit()
  recorder.checkFile()
  expect(incidents).toEqual([expect.stringMatching(/000001\.sjl was removed or replaced.*put back/)])
  expect(recorder.state().failure).toBeUndefined()
  runStatement(recorder, session, 'SELECT 3')
  session.closed('done')
  recorder.close()
  expect(filler.pass(1 << 20).stuck).toBe(false)
  filler.pass(1 << 20)
  filler.seal()
  filler.close()
  db.close()
  expect(texts(dataDir)).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3'])
  expect(verifyRecordings(dataDir).faults).toEqual([])
})

test('while a removed file cannot be put back no statement passes; then it is, with all that waited', () => {
  const dataDir = temporaryDirectory()
  let full = false
  const files: JournalFiles = {
    ...nodeJournalFiles,
    putBack: (...all) => {
      if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      return nodeJournalFiles.putBack(...all)
    },
  }
  const recorder = recorderOn(dataDir, { files })
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT 1')
  recorder.commit()
  full = true
  unlinkSync(fileOf(dataDir, 1))
  recorder.checkFile()
  expect(recorder.state().failure).toMatch(/was removed. It cannot be put back: The disk is full/)
  expect(() => runStatement(recorder, session, 'SELECT 2')).toThrow(/record cannot be written/)
  full = false
  recorder.checkFile()
  expect(recorder.state().failure).toBeUndefined()
  session.closed('done')
  recorder.close()
  fill(dataDir)
  expect(texts(dataDir)).toEqual(['SELECT 1', 'SELECT 2'])
  expect(verifyRecordings(dataDir).faults).toEqual([])
})

test('a removed file whose handle is gone too: the next begins, sessions go on in it, and verify names the gap', () => {
  const dataDir = temporaryDirectory()
  const incidents: string[] = []
  let broken = false
  const files: JournalFiles = {
    ...nodeJournalFiles,
    write: (...all) => {
      if (broken) throw Object.assign(new Error('bad'), { code: 'EBADF' })
      return nodeJournalFiles.write(...all)
    },
  }
  const recorder = recorderOn(dataDir, { files, onIncident: (sentence) => incidents.push(sentence) })
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT 1')
  recorder.commit()
  broken = true
  expect(() => runStatement(recorder, session, 'SELECT 2')).toThrow(/record cannot be written/)
  broken = false
  unlinkSync(fileOf(dataDir, 1))
  expect(() => recorder.commit()).toThrow(/record cannot be written/)
  expect(incidents).toEqual([expect.stringMatching(/000001\.sjl was removed and could not be put back.*goes on in 000002\.sjl/)])
  expect(recorder.state().failure).toBeUndefined()
  runStatement(recorder, session, 'SELECT 3')
  session.closed('done')
  recorder.close()
  fill(dataDir)
  // The filler never saw the first file: the session is known by what stands in the second.
  expect(texts(dataDir)).toEqual(['SELECT 3'])
  expect(verifyRecordings(dataDir).faults.map((fault) => fault.text)).toEqual([
    expect.stringMatching(/000002\.sjl, byte 0: it does not follow what stands before it: a file was removed/),
  ])
})

test('the last file removed while the host was stopped: it starts, goes on from what was taken in, and verify names the gap', () => {
  const dataDir = temporaryDirectory()
  const first = recorderOn(dataDir)
  runStatement(first, openSession(first), 'SELECT 1')
  first.close()
  fill(dataDir)
  unlinkSync(fileOf(dataDir, 1))
  const db = new Database(recordingsFile(dataDir))
  const position = db.prepare<[], { segment: number; offset: number; hash: Buffer }>('SELECT * FROM position').get()
  db.close()
  const second = recorderOn(dataDir, {}, position)
  runStatement(second, openSession(second), 'SELECT 2')
  second.close()
  fill(dataDir)
  expect(texts(dataDir)).toEqual(['SELECT 1', 'SELECT 2'])
  expect(verifyRecordings(dataDir).faults[0]?.text).toMatch(/000002\.sjl, byte 0: it does not follow/)
})

function manySegments(dataDir: string): JournalRecorder {
  const recorder = recorderOn(dataDir, { segmentBytes: 2000 })
  const session = openSession(recorder)
  for (let i = 0; i < 20; i++) runStatement(recorder, session, `SELECT ${i}`)
  session.closed('done')
  return recorder
}

function spoil(path: string): void {
  const { size } = statSync(path)
  const fd = openSync(path, 'r+')
  for (let at = 4096; at < size; at += 4096) writeSync(fd, Buffer.alloc(2048, 0x5a), 0, 2048, at)
  closeSync(fd)
}

test.each([
  ['with damaged pages', spoil],
  ['that is no database any more', (path: string) => writeFileSync(path, 'not a database at all, and longer than a header '.repeat(50))],
])('a search database %s is made anew from the journal, and all of it is proved', (_, damage) => {
  const dataDir = temporaryDirectory()
  manySegments(dataDir).close()
  fill(dataDir)
  const before = texts(dataDir)
  damage(recordingsFile(dataDir))
  let found: string | undefined
  try {
    fill(dataDir)
    texts(dataDir)
  } catch (cause) {
    found = damageOf(cause)
  }
  expect(found).toMatch(/SQLITE_(CORRUPT|NOTADB)/)
  const { kept } = rebuild(dataDir)
  expect(readdirSync(dataDir)).toContain(kept.slice(dataDir.length + 1))
  fill(dataDir)
  expect(texts(dataDir)).toEqual(before)
  expect(verifyRecordings(dataDir).faults).toEqual([])
})

test('heads and stubs are taken over, removed sessions do not come back, and those that began in removed files go on', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir, { segmentBytes: 2000 })
  const long = openSession(recorder)
  runStatement(recorder, long, 'SELECT long_0')
  const short = openSession(recorder)
  for (let i = 0; i < 20; i++) runStatement(recorder, short, `SELECT short_${i}`)
  short.closed('done')
  for (let i = 1; i < 20; i++) runStatement(recorder, long, `SELECT long_${i}`)
  recorder.commit()
  fill(dataDir)
  const db = openRecordingsDatabase(recordingsFile(dataDir))
  const journal = journalDirectory(dataDir)
  const plan = readRetentionPlan(db, journal, { maxAgeMs: 0, maxBytes: 1 }, 1_790_000_000_001)
  if (plan === undefined) throw new Error('nothing to remove')
  expect(plan.through).toBeGreaterThan(0)
  for (const _ of carryOutRetention(db, journal, { ...plan, through: 2 }, testKey, 1_790_000_000_001));
  db.close()
  fill(dataDir)
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], removed: 1 })
  expect(rebuild(dataDir).documents).toBeGreaterThan(2)
  fill(dataDir)
  expect(texts(dataDir).filter((sql) => sql.includes('short'))).toEqual([])
  expect(texts(dataDir)).toContain('SELECT long_19')
  long.closed('done')
  recorder.close()
  fill(dataDir)
  // What the first files alone had of the long session is lost with the database, and that is all that verify says.
  const { faults, removed: stubs } = verifyRecordings(dataDir)
  expect(stubs).toBe(1)
  expect(faults.map((fault) => fault.text)).toEqual([
    expect.stringMatching(/event 1: it is missing; the next that is stored says it is number/),
  ])
})

test('a database that was removed is filled anew, and has another number', () => {
  const dataDir = temporaryDirectory()
  manySegments(dataDir).close()
  fill(dataDir)
  const numberOf = (): unknown => {
    const db = new Database(recordingsFile(dataDir), { readonly: true })
    const number = db.pragma('application_id', { simple: true })
    db.close()
    return number
  }
  const before = [texts(dataDir), numberOf()]
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${recordingsFile(dataDir)}${suffix}`, { force: true })
  fill(dataDir)
  expect(texts(dataDir)).toEqual(before[0])
  expect(numberOf()).not.toBe(before[1])
  expect(verifyRecordings(dataDir).faults).toEqual([])
})
