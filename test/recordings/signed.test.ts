import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { exportSession } from '../../main/recordings/export-session.ts'
import { segmentName } from '../../main/recordings/journal-format.ts'
import { readBatch, readHeader } from '../../main/recordings/journal-reader.ts'
import { readPublicKey, signingKeyOf } from '../../main/recordings/signing-key.ts'
import { BundleError, verifyBundle } from '../../main/recordings/verify-bundle.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { journalDirectory, recordingsFile } from '../../main/store/files.ts'
import type { Db } from '../../main/store/open-database.ts'
import type { SessionRow } from '../../main/store/sessions-table.ts'
import { fill, openSession, recorderOn, runStatement, TEST_POLICY, temporaryDirectory, testKey } from './fixtures.ts'

function recordTwo(): { dataDir: string; id: string } {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT one', ['a'])
  runStatement(recorder, session, 'SELECT two', ['b'])
  session.closed('done')
  recorder.close()
  fill(dataDir)
  return { dataDir, id: session.id }
}

function change(dataDir: string, work: (db: Db) => void): void {
  const db = new Database(recordingsFile(dataDir))
  work(db)
  db.close()
}

function bundleOf(dataDir: string): string[] {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const row = db.prepare<[], SessionRow>('SELECT * FROM sessions').get()
  if (row === undefined) throw new Error('no session')
  const lines = [...exportSession(db, row)]
  db.close()
  return lines
}

const pinned = readPublicKey(testKey.publicKey)
const stranger = signingKeyOf(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))

test('what is signed is proved with the key of the record, and with that key given from outside', () => {
  const { dataDir } = recordTwo()
  expect(verifyRecordings(dataDir)).toMatchObject({ faults: [], signed: { number: 1 }, keys: [testKey.id] })
  expect(verifyRecordings(dataDir, { publicKey: pinned }).faults).toEqual([])
  expect(verifyRecordings(dataDir, { publicKey: readPublicKey(stranger.publicKey) }).faults[0]?.text).toMatch(/not with the one given/)
})

test('a journal whose end was cut off together with all that the database had of it is found by the signed head', () => {
  const { dataDir } = recordTwo()
  const file = join(journalDirectory(dataDir), segmentName(1))
  const bytes = readFileSync(file)
  const ends: number[] = []
  let hash = readHeader(bytes)?.hash ?? ''
  for (let offset = 84; ; ) {
    const batch = readBatch(bytes, offset, hash)
    if (!batch.ok) break
    ends.push(batch.next)
    offset = batch.next
    hash = batch.hash
  }
  const cut = ends.at(-2) ?? 0
  truncateSync(file, cut)
  change(dataDir, (db) =>
    db.exec(`UPDATE position SET offset = ${cut}, hash = x'${Buffer.from(readFileSync(file).subarray(-32)).toString('hex')}'`),
  )
  const { faults } = verifyRecordings(dataDir)
  expect(faults.map((fault) => fault.text).join('\n')).toMatch(/the journal ends before: its end was cut off/)
})

test.each([
  ['no signed head is left', (db: Db) => db.exec('DELETE FROM heads'), /no signed head/],
  [
    'a head says something else',
    (db: Db) => db.exec(`UPDATE heads SET body = replace(body, '"removals":0', '"removals":1')`),
    /signature does not fit/,
  ],
  ['a key under another’s name', (db: Db) => db.prepare('UPDATE keys SET public_key = ?').run(stranger.publicKey), /is not there/],
] as const)('%s', (_what, work, words) => {
  const { dataDir } = recordTwo()
  change(dataDir, (db) => work(db))
  expect(verifyRecordings(dataDir).faults[0]?.text).toMatch(words)
})

test('a head taken out of the middle is missed', () => {
  const { dataDir } = recordTwo()
  const recorder = recorderOn(dataDir)
  runStatement(recorder, openSession(recorder), 'SELECT later')
  recorder.close()
  fill(dataDir)
  change(dataDir, (db) => db.exec('DELETE FROM heads WHERE number = 1'))
  expect(verifyRecordings(dataDir).faults[0]?.text).toMatch(/Signed head 1: it is missing/)
})

test('a session made anew from its beginning, with hashes that fit, does not fit its signature', () => {
  const { dataDir, id } = recordTwo()
  const other = recordTwo()
  change(dataDir, (db) => {
    const seal = db.prepare<[], { seal: string }>('SELECT seal FROM sessions').get()?.seal ?? ''
    db.prepare('UPDATE sessions SET seal = ?').run(seal.replace(/"events\\":\d+/, '"events\\":11'))
  })
  expect(verifyRecordings(dataDir).faults[0]).toMatchObject({ session: id, text: expect.stringMatching(/signature/) })
  const swapped = readSeal(other.dataDir)
  const third = recordTwo()
  change(third.dataDir, (db) => db.prepare('UPDATE sessions SET seal = ?').run(swapped))
  expect(verifyRecordings(third.dataDir).faults[0]?.text).toMatch(/is not this session’s/)
})

test('a policy that was exchanged is named at the first verdict by it', () => {
  const { dataDir, id } = recordTwo()
  change(dataDir, (db) => db.exec("UPDATE policies SET body = CAST('{}' AS BLOB)"))
  expect(verifyRecordings(dataDir).faults.find((fault) => fault.seq === 3)).toMatchObject({
    session: id,
    text: expect.stringMatching(/was changed/),
  })
})

test('a bundle proves itself, and carries the policies and the key', () => {
  const lines = bundleOf(recordTwo().dataDir)
  expect(verifyBundle(lines)).toMatchObject({ events: 12, signedEvents: 12, keys: [testKey.id], fault: undefined })
  expect(verifyBundle(lines, pinned).fault).toBeUndefined()
  expect(lines.some((line) => JSON.parse(line).policy === TEST_POLICY)).toBe(true)
})

const events = (lines: readonly string[]): number[] => lines.flatMap((line, i) => ('event' in JSON.parse(line) ? [i] : []))
/** The line of an event, by its number. */
const at = (lines: readonly string[], seq: number): number => events(lines)[seq - 1] ?? -1
const edit = (lines: string[], place: number, from: string, to: string): string[] =>
  lines.with(place, (lines[place] ?? '').replace(from, to))

test.each([
  ['changed', 6, (lines: string[]) => edit(lines, at(lines, 6), '\\"ms\\":1.5', '\\"ms\\":9.5')],
  ['removed', 5, (lines: string[]) => lines.toSpliced(at(lines, 5), 1)],
  ['reordered', 4, (lines: string[]) => lines.with(at(lines, 4), lines[at(lines, 5)] ?? '').with(at(lines, 5), lines[at(lines, 4)] ?? '')],
  ['inserted', 7, (lines: string[]) => lines.toSpliced(at(lines, 7), 0, lines[at(lines, 6)] ?? '')],
  ['cut off', 12, (lines: string[]) => lines.slice(0, at(lines, 12))],
  [
    'a policy exchanged',
    3,
    (lines: string[]) =>
      lines.map((line) => ('policy' in JSON.parse(line) ? JSON.stringify({ policy: TEST_POLICY, body: '{"policies":["other"]}' }) : line)),
  ],
  ['a policy removed', 3, (lines: string[]) => lines.filter((line) => !('policy' in JSON.parse(line)))],
  [
    'a text exchanged',
    2,
    (lines: string[]) =>
      lines.map((line) =>
        'object' in JSON.parse(line)
          ? line.replace(Buffer.from('SELECT one').toString('base64'), Buffer.from('SELECT 111').toString('base64'))
          : line,
      ),
  ],
] as const)('a bundle with something %s is found out, at event %i', (_what, seq, tamper) => {
  expect(verifyBundle(tamper(bundleOf(recordTwo().dataDir))).fault?.seq).toBe(seq)
})

test('a bundle signed anew by somebody else fits in itself, and not with the host’s key', () => {
  const lines = bundleOf(recordTwo().dataDir)
  const first = JSON.parse(lines[0] ?? '')
  const body = first.seal.body.replace(testKey.id, stranger.id)
  const signature = sign(null, Buffer.from(body), stranger.privateKey).toString('base64')
  const forged = lines.with(
    0,
    JSON.stringify({ ...first, seal: { body, signature }, keys: [{ id: stranger.id, publicKey: stranger.publicKey }] }),
  )
  expect(verifyBundle(forged).fault).toBeUndefined()
  expect(verifyBundle(forged, pinned).fault?.text).toMatch(/not with the one given/)
})

test('a bundle of a session that runs is signed as far as it went, or up to now where the key is at hand', () => {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  runStatement(recorder, session, 'SELECT one')
  recorder.close()
  fill(dataDir)
  expect(verifyBundle(bundleOf(dataDir))).toMatchObject({ events: 6, signedEvents: 6, fault: undefined })
})

test('what is no bundle is told so, with the line', () => {
  expect(() => verifyBundle(['{"sallyport":"session"}'])).toThrow(BundleError)
  expect(() => verifyBundle([bundleOf(recordTwo().dataDir)[0] ?? '', 'nonsense'])).toThrow(/Line 2/)
})

function readSeal(dataDir: string): string {
  const db = new Database(recordingsFile(dataDir), { readonly: true })
  const seal = db.prepare<[], { seal: string }>('SELECT seal FROM sessions').get()?.seal ?? ''
  db.close()
  return seal
}
