import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { HOST_ACTOR } from '../../main/audit/audit.ts'
import { createAudit } from '../../main/audit/create-audit.ts'
import { openRecordings } from '../../main/recordings/open-recordings.ts'
import { readSigningKey } from '../../main/recordings/signing-key.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { recordingsFile } from '../../main/store/files.ts'
import { openVault } from '../../main/vault/open-vault.ts'
import { maya } from './fixtures.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

function open(dataDir: string, now: () => number) {
  return openRecordings({
    dataDir,
    resultBytesPerStatement: 1 << 20,
    sync: 'interval',
    signingKey: readSigningKey(openVault(dataDir, undefined)),
    retention: { maxAgeMs: 86_400_000, maxBytes: undefined },
    policyText: () => undefined,
    clock: { now },
    log: silent,
  })
}

test('acts are one chain a day, proved and signed; a change of one is named', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  let now = Date.UTC(2026, 0, 1, 23, 59)
  const recordings = open(dataDir, () => now)
  const audit = createAudit(recordings.recorder, { now: () => now })
  audit.record(HOST_ACTOR, 'host-started', { version: '1' })
  audit.record({ who: maya, address: '10.0.0.7' }, 'vouched', { function: 'public.f(integer)' })
  now += 120_000
  audit.record({ who: maya, address: '10.0.0.7' }, 'vouch-withdrawn', {}, 'refused')
  audit.close()
  await recordings.close()
  const proved = verifyRecordings(dataDir)
  expect(proved.faults).toEqual([])
  // Two days: each begins, has its acts and ends; the last one with the host.
  expect(proved).toMatchObject({ sessions: 2, events: 4 + 4 })
  const db = new Database(recordingsFile(dataDir))
  const acts = db.prepare('SELECT act, outcome, name, address FROM acts ORDER BY id').all()
  expect(acts).toEqual([
    { act: 'host-started', outcome: 'done', name: null, address: '' },
    { act: 'vouched', outcome: 'done', name: maya.name, address: '10.0.0.7' },
    { act: 'vouch-withdrawn', outcome: 'refused', name: maya.name, address: '10.0.0.7' },
    { act: 'host-stopped', outcome: 'done', name: null, address: '' },
  ])
  const chunk = db.prepare<[], { id: number; body: Buffer }>('SELECT id, body FROM chunks WHERE packed = 0 ORDER BY id LIMIT 1').get()
  const changed = Buffer.from(chunk?.body.toString('latin1').replace('10.0.0.7', '10.0.0.8') ?? '', 'latin1')
  if (chunk === undefined || changed.equals(chunk.body)) {
    db.prepare("UPDATE sessions SET events = events - 1 WHERE kind = 'host'").run()
  } else db.prepare('UPDATE chunks SET body = ? WHERE id = ?').run(changed, chunk.id)
  db.close()
  expect(verifyRecordings(dataDir).faults.length).toBeGreaterThan(0)
})

test('a table of acts that somebody emptied is no proof: the chain still has them, and a rebuild finds them', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const first = open(dataDir, () => Date.now())
  const audit = createAudit(first.recorder, { now: () => Date.now() })
  audit.record(HOST_ACTOR, 'backup-made')
  audit.close()
  await first.close()
  rmSync(recordingsFile(dataDir))
  const second = open(dataDir, () => Date.now())
  expect(second.db.prepare('SELECT act FROM acts').all()).toEqual([{ act: 'backup-made' }, { act: 'host-stopped' }])
  await second.close()
})
