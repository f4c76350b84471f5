import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { HOST_ACTOR } from '../../main/audit/audit.ts'
import { createAudit } from '../../main/audit/create-audit.ts'
import { recordLeftActs } from '../../main/audit/spool.ts'
import { makeBackup } from '../../main/backup/make-backup.ts'
import { restoreBackup } from '../../main/backup/restore-backup.ts'
import { openRecordings, type Recordings } from '../../main/recordings/open-recordings.ts'
import { readSigningKey } from '../../main/recordings/signing-key.ts'
import { verifyRecordings } from '../../main/recordings/verify-recordings.ts'
import { hostFile } from '../../main/store/files.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { type Db, openDatabase } from '../../main/store/open-database.ts'
import { openVault } from '../../main/vault/open-vault.ts'
import { maya, runStatement, TEST_POLICY_TEXT } from '../recordings/fixtures.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const clock = { now: () => Date.now() }
const folder = mkdtempSync(join(tmpdir(), 'sallyport-backup-'))
const dataDir = join(folder, 'data')
let recordings: Recordings
let host: Db
let writing: NodeJS.Timeout

function open(of: string): Recordings {
  return openRecordings({
    dataDir: of,
    ...{ resultBytesPerStatement: 1 << 20, sync: 'interval', policyText: () => TEST_POLICY_TEXT, clock, log: silent },
    signingKey: readSigningKey(openVault(of, undefined)),
    retention: { maxAgeMs: 86_400_000, maxBytes: undefined },
  })
}

beforeAll(async () => {
  const { preparePrivateDirectory } = await import('../../main/store/prepare-directory.ts')
  preparePrivateDirectory(dataDir)
  host = openDatabase(hostFile(dataDir), { migrations: hostMigrations })
  host
    .prepare(
      `INSERT INTO approvals (state, key, issuer, subject, connection, session, statement, detail, asked_at, wait_until, open_until, max_rows)
       VALUES ('approved', 'k', 'i', 's', 'shop', 'x', 1, '{}', 0, 0, 9e15, NULL)`,
    )
    .run()
  const first = open(dataDir)
  createAudit(first.recorder, clock).record(HOST_ACTOR, 'host-started')
  await vi.waitUntil(() => first.db.prepare('SELECT 1 FROM acts').get() !== undefined, { timeout: 20_000, interval: 50 })
  await expect(backUp('early')).rejects.toThrow('has not signed its record yet')
  await first.close()
  recordings = open(dataDir)
  const { recorder } = recordings
  const opening = { connection: 'shop', who: maya, clientAddress: '::1', applicationName: 'a', tls: false, at: Date.now() }
  const record = recorder.opened(opening)
  // It runs on while it is copied.
  writing = setInterval(() => {
    runStatement(recorder, record, 'SELECT 1', ['x'])
    recorder.commit()
  }, 5)
  await vi.waitUntil(() => verifyRecordings(dataDir).events > 50, { timeout: 20_000, interval: 100 })
}, 30_000)

afterAll(async () => {
  clearInterval(writing)
  await recordings.close()
  host.close()
  rmSync(folder, { recursive: true, force: true })
})

const backUp = (name: string, withKeys = false) =>
  makeBackup({ dataDir, to: join(folder, name), withKeys, program: '0', now: 1_700_000_000_000 })

describe('a back-up of a host that runs', () => {
  test('proves itself, and is nobody else’s to read', async () => {
    const { manifest, events } = await backUp('one')
    const to = join(folder, 'one')
    expect(events).toBeGreaterThan(50)
    expect(verifyRecordings(to)).toMatchObject({ faults: [], behindBytes: 0 })
    expect(manifest.keys).toBe(false)
    expect(existsSync(join(to, 'vault.json'))).toBe(false)
    expect(statSync(to).mode & 0o777).toBe(0o700)
    for (const { path } of manifest.files) expect(statSync(join(to, path)).mode & 0o077, path).toBe(0)
  })

  test('goes only into a folder of its own', async () => {
    await expect(backUp('one')).rejects.toThrow('is not empty')
    await expect(
      makeBackup({ dataDir: join(folder, 'nothing'), to: join(folder, 'two'), withKeys: false, program: '0', now: 0 }),
    ).rejects.toThrow('is this the data directory')
    expect(existsSync(join(folder, 'two'))).toBe(false)
  })

  test('is restored: the record goes on behind it, and what was granted is granted no more', async () => {
    await backUp('keys', true)
    const into = join(folder, 'restored')
    const restored = await restoreBackup({ from: join(folder, 'keys'), dataDir: into, now: Date.now() })
    expect(restored).toMatchObject({ expired: 1 })
    const db = new Database(hostFile(into))
    expect(db.prepare('SELECT state FROM approvals').all()).toEqual([{ state: 'expired' }])
    db.close()
    const again = open(into)
    const audit = createAudit(again.recorder, clock)
    const stop = recordLeftActs(into, audit, silent)
    audit.record(HOST_ACTOR, 'host-started')
    stop()
    audit.close()
    await again.close()
    const proved = verifyRecordings(into)
    expect(proved.faults).toEqual([])
    expect(proved.events).toBeGreaterThan(restored.events)
    expect(readdirSync(join(into, 'acts'))).toEqual([])
    const record = new Database(join(into, 'recordings.db'), { readonly: true })
    expect(record.prepare("SELECT act FROM acts WHERE act = 'restored'").get()).toEqual({ act: 'restored' })
    record.close()
  })

  test('that was changed, cut or made by a newer version is refused, and nothing is left behind', async () => {
    await backUp('broken')
    const from = join(folder, 'broken')
    const into = join(folder, 'never')
    const refuse = (words: string) => expect(restoreBackup({ from, dataDir: into, now: 0 })).rejects.toThrow(words)
    await expect(restoreBackup({ from: folder, dataDir: into, now: 0 })).rejects.toThrow('is no back-up')
    const manifest = readFileSync(join(from, 'backup.json'), 'utf8')
    writeFileSync(join(from, 'backup.json'), manifest.replace('"version": 1', '"version": 2'))
    await refuse('newer Sallyport')
    writeFileSync(join(from, 'backup.json'), manifest.replace('"path": "host.db"', '"path": "../host.db"'))
    await refuse('is not as this program writes it')
    writeFileSync(join(from, 'backup.json'), manifest)
    appendFileSync(join(from, 'host.db'), 'x')
    await refuse('host.db is not what was written')
    rmSync(join(from, 'host.db'))
    await refuse('host.db is missing')
    expect(existsSync(into)).toBe(false)
  })

  test('of a newer store is refused by this program', async () => {
    await backUp('newer')
    const from = join(folder, 'newer')
    const db = new Database(join(from, 'host.db'))
    db.pragma('user_version = 999')
    db.close()
    const { digestOf } = await import('../../main/backup/manifest.ts')
    const manifest = JSON.parse(readFileSync(join(from, 'backup.json'), 'utf8')) as { files: { path: string }[] }
    manifest.files = await Promise.all(manifest.files.map(({ path }) => digestOf(from, path)))
    writeFileSync(join(from, 'backup.json'), JSON.stringify(manifest))
    await expect(restoreBackup({ from, dataDir: join(folder, 'never'), now: 0 })).rejects.toThrow('written by a newer Sallyport')
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })
})
