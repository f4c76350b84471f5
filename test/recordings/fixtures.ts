import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { RecordingsFiller } from '../../main/recordings/fill-recordings.ts'
import { nodeJournalFiles } from '../../main/recordings/journal-files.ts'
import { openRecordingsDatabase } from '../../main/recordings/open-recordings-database.ts'
import { policyVersion } from '../../main/recordings/policy-version.ts'
import { createRecorder, type JournalRecorder, type JournalRecorderOptions } from '../../main/recordings/recorder.ts'
import { recoverJournal } from '../../main/recordings/recover-journal.ts'
import { signingKeyOf } from '../../main/recordings/signing-key.ts'
import { journalDirectory, recordingsFile } from '../../main/store/files.ts'
import { preparePrivateDirectory } from '../../main/store/prepare-directory.ts'
import type { Identity, Judged, SessionRecord } from '../../proxy/ports.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import type { Verdict } from '../../proxy/verdict/decide.ts'

export const TEST_POLICY_TEXT = '{"connection":"shop","policies":[]}'
export const TEST_POLICY = policyVersion(Buffer.from(TEST_POLICY_TEXT))
/** Signs the records of tests. */
export const testKey = signingKeyOf(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))

export const maya: Identity = {
  issuer: 'https://login.test',
  subject: 'maya',
  name: 'Maya Lindqvist',
  groups: ['ai-agents'],
  kind: 'agent',
  client: 'cursor-agent',
  expiresAt: Number.MAX_SAFE_INTEGER,
}

export const noFacts: StatementFacts = {
  kind: 'SELECT',
  span: { offset: 0, length: 0 },
  verbs: ['read'],
  because: [],
  relations: [],
  columns: [],
  functions: [],
  unknown: [],
  outputs: [],
  outputsFromName: false,
  names: [],
  withoutWhere: false,
  copy: undefined,
  transaction: undefined,
  explain: false,
  changesCatalog: false,
}

export const allowed: Verdict = {
  effect: 'allow',
  rule: undefined,
  policyVersion: TEST_POLICY,
  because: [],
  statement: 0,
  hint: '',
  labels: [],
}

export function judged(sql: string, verdict: Verdict = allowed, facts: Partial<StatementFacts> = {}): Judged {
  return { text: Buffer.from(sql), facts: [{ ...noFacts, ...facts }], verdict, moved: undefined }
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A recorder on a data directory, behind whatever the journal there holds. */
export function recorderOn(
  dataDir: string,
  options: Partial<JournalRecorderOptions> = {},
  absorbed: Parameters<typeof recoverJournal>[1] = { segment: 0, offset: 0 },
): JournalRecorder {
  const directory = journalDirectory(dataDir)
  preparePrivateDirectory(directory)
  const { nextSegment, head } = recoverJournal(directory, absorbed)
  return createRecorder({
    directory,
    files: nodeJournalFiles,
    firstSegment: nextSegment,
    head,
    resultBytesPerStatement: 1024,
    clock: { now: () => 1_790_000_000_000 },
    policyText: (version) => (version === TEST_POLICY ? TEST_POLICY_TEXT : undefined),
    onIncident: () => undefined,
    ...options,
  })
}

export function openSession(recorder: JournalRecorder): SessionRecord {
  return recorder.opened({
    connection: 'shop',
    who: maya,
    clientAddress: '127.0.0.1:5000',
    applicationName: 'cursor',
    tls: false,
    at: 1_790_000_000_000,
  })
}

export function runStatement(recorder: JournalRecorder, session: SessionRecord, sql: string, rows: readonly string[] = []): void {
  const number = session.statement(judged(sql), undefined)
  session.sent(number)
  recorder.commit()
  const frames = Buffer.concat([describeOne('v'), ...rows.map(rowOf)])
  session.response(number, frames, 0, frames.length)
  session.finished(number, {
    rows: rows.length,
    bytes: frames.length,
    ms: 1.5,
    sqlstate: undefined,
    tag: `SELECT ${rows.length}`,
    masked: [],
  })
}

function frame(tag: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(tag, 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export function describeOne(name: string, oid = 25, format = 0): Buffer {
  const tail = Buffer.alloc(18)
  tail.writeUInt32BE(oid, 6)
  tail.writeUInt16BE(format, 16)
  return frame('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from(`${name}\0`), tail]))
}

export function rowOf(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return frame('D', Buffer.concat([Buffer.from([0, 1]), length, bytes]))
}

/** Takes the journal into the database, and signs it. */
export function fill(dataDir: string, maxBytes = 1 << 20, now: () => number = Date.now): void {
  const db = openRecordingsDatabase(recordingsFile(dataDir))
  const filler = new RecordingsFiller(db, journalDirectory(dataDir), testKey, now)
  while (filler.pass(maxBytes).bytes > 0);
  filler.seal()
  filler.close()
  db.close()
}
