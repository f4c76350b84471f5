import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeBatch, type JournalRecord } from '../../main/recordings/decode-batch.ts'
import { type JournalFiles, nodeJournalFiles } from '../../main/recordings/journal-files.ts'
import { HEADER_BYTES, segmentName } from '../../main/recordings/journal-format.ts'
import { readBatch, readHeader } from '../../main/recordings/journal-reader.ts'
import { listSegments, recoverJournal } from '../../main/recordings/recover-journal.ts'
import { journalDirectory } from '../../main/store/files.ts'
import { StoreError } from '../../main/store/store-error.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { describeOne, judged, openSession, recorderOn, rowOf, runStatement, temporaryDirectory } from './fixtures.ts'

const nothingAbsorbed = { segment: 0, offset: 0 }

function readAll(dataDir: string): JournalRecord[] {
  const directory = journalDirectory(dataDir)
  const records: JournalRecord[] = []
  for (const number of listSegments(directory)) {
    const bytes = readFileSync(join(directory, segmentName(number)))
    let head = readHeader(bytes)?.hash ?? ''
    for (let offset = HEADER_BYTES; ; ) {
      const batch = readBatch(bytes, offset, head)
      if (!batch.ok) {
        expect(batch.why).toBe('end')
        break
      }
      records.push(...decodeBatch(batch.payload))
      offset = batch.next
      head = batch.hash
    }
  }
  return records
}

const count = (records: readonly JournalRecord[], kind: JournalRecord['kind']): number =>
  records.filter((record) => record.kind === kind).length

test('a journal torn at any byte of its last batch loses that batch and nothing before it', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT 1', ['a'])
  recorder.commit()
  const file = join(journalDirectory(dataDir), segmentName(1))
  const whole = statSync(file).size
  runStatement(recorder, session, 'SELECT 2', ['b'])
  recorder.commit()
  const bytes = readFileSync(file)
  // The last statement went in two batches: up to `sent`, and its answer.
  const ends = [whole]
  const torn = temporaryDirectory()
  for (let cut = bytes.length - 1; cut >= whole; cut--) {
    writeFileSync(join(torn, segmentName(1)), bytes.subarray(0, cut))
    const recovered = recoverJournal(torn, nothingAbsorbed)
    const left = statSync(join(torn, segmentName(1))).size
    if (!ends.includes(left)) ends.push(left)
    expect(left).toBeLessThanOrEqual(cut)
    expect(recovered.cutBytes).toBe(cut - left)
    expect(recovered.nextSegment).toBe(2)
  }
  expect(ends).toHaveLength(2)
})

test('the host goes on behind a torn tail, and the chain holds over both segments', () => {
  const dataDir = temporaryDirectory()
  const first = recorderOn(dataDir)
  runStatement(first, openSession(first), 'SELECT 1')
  first.commit()
  const file = join(journalDirectory(dataDir), segmentName(1))
  truncateSync(file, statSync(file).size - 7)
  const second = recorderOn(dataDir)
  runStatement(second, openSession(second), 'SELECT 2')
  second.close()
  const records = readAll(dataDir)
  expect(count(records, 'statement')).toBe(2)
  expect(count(records, 'finished')).toBe(1)
  expect(existsSync(`${file}.torn`)).toBe(true)
})

test('a header torn at any byte is a segment that never was', () => {
  const dataDir = temporaryDirectory()
  recorderOn(dataDir).close()
  const header = readFileSync(join(journalDirectory(dataDir), segmentName(1)))
  const torn = temporaryDirectory()
  for (let cut = 0; cut < header.length; cut++) {
    writeFileSync(join(torn, segmentName(1)), header.subarray(0, cut))
    expect(recoverJournal(torn, nothingAbsorbed).nextSegment).toBe(1)
  }
})

test('a change in the middle is not taken for a torn tail, and nothing is cut', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 3']) runStatement(recorder, session, sql)
  recorder.close()
  const file = join(journalDirectory(dataDir), segmentName(1))
  const bytes = readFileSync(file)
  const at = bytes.indexOf('SELECT 2')
  bytes[at + 7] = 0x39
  writeFileSync(file, bytes)
  expect(() => recoverJournal(journalDirectory(dataDir), nothingAbsorbed)).toThrow(StoreError)
  expect(statSync(file).size).toBe(bytes.length)
})

test('a last batch that was taken in before and does not fit now was changed, not torn', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  runStatement(recorder, openSession(recorder), 'SELECT 1')
  recorder.close()
  const file = join(journalDirectory(dataDir), segmentName(1))
  const size = statSync(file).size
  truncateSync(file, size - 1)
  expect(() => recoverJournal(journalDirectory(dataDir), { segment: 1, offset: size })).toThrow(/does not fit together/)
})

test.each(['ENOSPC', 'EIO', 'EBADF', 'EROFS'])(
  '%s stops traffic, shows, and passes without a restart; no batch is lost or doubled',
  (code) => {
    const dataDir = temporaryDirectory()
    let failing = false
    let partial = 0
    const files: JournalFiles = {
      ...nodeJournalFiles,
      write: (fd, bytes, start, length, position) => {
        if (!failing) return nodeJournalFiles.write(fd, bytes, start, length, position)
        if (partial > 0) {
          const some = Math.min(partial, length)
          partial = 0
          return nodeJournalFiles.write(fd, bytes, start, some, position)
        }
        throw Object.assign(new Error(code), { code })
      },
    }
    const recorder = recorderOn(dataDir, { files })
    const session = openSession(recorder)
    runStatement(recorder, session, 'SELECT 1')
    recorder.commit()
    failing = true
    for (let i = 0; i < 3; i++) {
      partial = 20 * i
      session.sent(session.statement(judged(`SELECT ${i + 2}`), undefined))
      const error = caught(() => recorder.commit())
      expect(error).toBeInstanceOf(GatewayError)
      expect((error as GatewayError).code).toBe('recorder')
      expect((error as GatewayError).fields.sqlstate).toBe('58030')
      expect(recorder.state().failure).toContain(code)
    }
    failing = false
    recorder.flush()
    expect(recorder.state().failure).toBeUndefined()
    runStatement(recorder, session, 'SELECT 9')
    recorder.close()
    const texts = readAll(dataDir).flatMap((record) => (record.kind === 'judged' ? [record.text.toString()] : []))
    expect(texts).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4', 'SELECT 9'])
  },
)

test('texts, facts and verdicts are written once in a segment, and again in the next', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir, { segmentBytes: 4000 })
  const session = openSession(recorder)
  const same = judged('SELECT the_same_text')
  for (let i = 0; i < 200; i++) {
    session.sent(session.statement(same, undefined))
    recorder.commit()
  }
  recorder.close()
  const segments = listSegments(journalDirectory(dataDir)).length
  const records = readAll(dataDir)
  expect(segments).toBeGreaterThan(2)
  expect(count(records, 'statement')).toBe(200)
  expect(count(records, 'judged')).toBeLessThanOrEqual(segments)
  expect(count(records, 'judged')).toBeGreaterThanOrEqual(segments - 1)
})

test('an answer is kept up to the cap in whole frames, and says that it was cut', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir, { resultBytesPerStatement: 200 })
  const session = openSession(recorder)
  const number = session.statement(judged('SELECT 1'), undefined)
  const frames = Buffer.concat([describeOne('v'), ...Array.from({ length: 20 }, () => rowOf('0123456789'))])
  expect(session.response(number, frames, 0, frames.length)).toBe(false)
  expect(session.response(number, frames, 0, frames.length)).toBe(false)
  recorder.close()
  const rows = readAll(dataDir).flatMap((record) => (record.kind === 'rows' ? [record] : []))
  expect(rows).toHaveLength(1)
  expect(rows[0]?.cut).toBe(true)
  expect(rows[0]?.frames.length).toBe(27 + 21 * 8)
})

test.each([true, false])(
  'forceEachCommit %s: the disk is forced before a commit returns, and one that it refuses is none',
  (forceEachCommit) => {
    const calls: string[] = []
    let refuses = false
    const files: JournalFiles = {
      ...nodeJournalFiles,
      write: (...all) => {
        calls.push('write')
        return nodeJournalFiles.write(...all)
      },
      force: (fd) => {
        if (refuses) throw Object.assign(new Error('EIO'), { code: 'EIO' })
        calls.push('force')
        nodeJournalFiles.force(fd)
      },
    }
    const dataDir = temporaryDirectory()
    const recorder = recorderOn(dataDir, { files, forceEachCommit })
    const session = openSession(recorder)
    calls.length = 0
    runStatement(recorder, session, 'SELECT 1')
    expect(calls).toEqual(forceEachCommit ? ['write', 'force'] : ['write'])
    refuses = true
    session.sent(session.statement(judged('SELECT 2'), undefined))
    const error = caught(() => recorder.commit())
    expect(error instanceof GatewayError).toBe(forceEachCommit)
    refuses = false
    recorder.close()
    const texts = readAll(dataDir).flatMap((record) => (record.kind === 'judged' ? [record.text.toString()] : []))
    expect(texts).toEqual(['SELECT 1', 'SELECT 2'])
  },
)

test('nothing pending is no write', () => {
  let writes = 0
  const files: JournalFiles = {
    ...nodeJournalFiles,
    write: (...all) => {
      writes += 1
      return nodeJournalFiles.write(...all)
    },
  }
  const recorder = recorderOn(temporaryDirectory(), { files })
  const session = openSession(recorder)
  for (let i = 0; i < 10; i++) session.sent(session.statement(judged(`SELECT ${i}`), undefined))
  recorder.commit()
  recorder.commit()
  recorder.flush()
  expect(writes).toBe(2)
})

function caught(work: () => void): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
