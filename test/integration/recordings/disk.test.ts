import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { verifyRecordings } from '../../../main/recordings/verify-recordings.ts'
import { hostFile, journalDirectory, recordingsFile } from '../../../main/store/files.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

/** A file system of a few megabytes, or undefined where this user may not mount one. */
function mountSmall(): { readonly path: string; unmount(): void } | undefined {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place], { stdio: 'ignore' })
  } catch {
    fs.rmdirSync(place)
    return undefined
  }
  return {
    path: place,
    unmount: () => {
      execFileSync('umount', [place], { stdio: 'ignore' })
      fs.rmdirSync(place)
    },
  }
}

describe('when the record cannot be written', () => {
  const small = mountSmall()
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let wire: Wire
  const undo: (() => unknown)[] = []

  beforeAll(async () => {
    postgres = await startPostgres({ logStatements: true })
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
  })
  afterEach(async () => {
    wire?.destroy()
    await host?.stop()
    for (const step of undo.splice(0).reverse()) await step()
  })
  afterAll(async () => {
    await issuer?.stop()
    await postgres?.stop()
  })

  async function start(dataDir?: string): Promise<void> {
    host = await startTestHost(
      { issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] },
      dataDir === undefined ? {} : { dataDir },
    )
    wire = await host.through(await issuer.mint())
    expect((await wire.query('SELECT 1')).errors).toEqual([])
  }
  const trouble = (): string => host.host.health().detail.trouble.join('\n')
  const reached = (marker: string): boolean => postgres.statements().some(({ sql }) => sql.includes(marker))

  it.skipIf(small === undefined)('a full disk stops statements, says so, and when there is room again all goes on', async () => {
    if (small === undefined) return
    undo.push(() => small.unmount())
    const dataDir = path.join(small.path, 'data')
    await start(dataDir)
    const ballast = path.join(small.path, 'ballast')
    const file = fs.openSync(ballast, 'w')
    expect(() => {
      for (;;) fs.writeSync(file, Buffer.alloc(65_536, 1))
    }).toThrow(/ENOSPC/)
    // What is left of the last page of the journal takes a statement or two more.
    let refused: string | undefined
    for (let i = 0; i < 200 && refused === undefined; i++) {
      const marker = `full-${i}-`
      const { errors } = await wire.query(`SELECT '${marker}${'x'.repeat(500)}'`)
      if (errors.length > 0) refused = marker
      if (errors[0] !== undefined)
        expect(errors[0]).toMatchObject({
          C: '58030',
          M: expect.stringMatching(/record cannot be written/),
          D: expect.stringMatching(/disk is full/),
        })
    }
    expect(refused).toBeDefined()
    expect(reached(refused ?? '')).toBe(false)
    expect(host.host.health().status).toBe('trouble')
    expect(trouble()).toMatch(/No statement passes: the record cannot be written. The disk is full/)
    fs.closeSync(file)
    fs.rmSync(ballast)
    await expect.poll(() => host.host.health().status, { timeout: 15_000 }).toBe('ok')
    // The session that was refused has ended; the host needed no restart.
    wire.destroy()
    wire = await host.through(await issuer.mint())
    expect((await wire.query("SELECT 'after-full'")).text).toEqual([['after-full']])
    await expect.poll(() => reached('after-full'), { timeout: 10_000 }).toBe(true)
    wire.destroy()
    await host.host.close(0)
    expect(verifyRecordings(dataDir).faults).toEqual([])
  })

  it('a journal file that somebody removes stops statements, and says so', async () => {
    await start()
    for (const name of fs.readdirSync(journalDirectory(host.dataDir))) fs.rmSync(path.join(journalDirectory(host.dataDir), name))
    await expect.poll(trouble, { timeout: 10_000 }).toMatch(/was removed/)
    const { errors } = await wire.query("SELECT 'after-removal'")
    expect(errors[0]).toMatchObject({ C: '58030' })
    expect(reached('after-removal')).toBe(false)
  })

  it('a locked search database keeps search and replay behind, and catches up; the record itself goes on', async () => {
    await start()
    const lock = new Database(recordingsFile(host.dataDir))
    lock.exec('BEGIN IMMEDIATE')
    expect((await wire.query("SELECT 'while-locked'")).errors).toEqual([])
    await expect.poll(trouble, { timeout: 20_000 }).toMatch(/Search and replay do not advance; the record itself does. database is locked/)
    lock.exec('ROLLBACK')
    lock.close()
    await expect.poll(() => host.host.health().status, { timeout: 20_000 }).toBe('ok')
    const token = await issuer.mint({ sub: 'ada', azp: 'some-tool', groups: ['leads'], authTimeAgo: 10 })
    const found = async (): Promise<string> => JSON.stringify((await host.call(token, 'GET', '/api/statements?q=while')).body)
    await expect.poll(found, { timeout: 10_000 }).toContain('while')
  })

  it('a locked approvals database: what would be held is refused, and not sent', async () => {
    await start()
    const lock = new Database(hostFile(host.dataDir))
    lock.exec('BEGIN IMMEDIATE')
    const { errors } = await wire.query("UPDATE public.customers SET note = 'never-sent' WHERE id = 1", 30_000)
    expect(errors[0]).toMatchObject({ C: '58030' })
    expect(reached('never-sent')).toBe(false)
    lock.exec('ROLLBACK')
    lock.close()
    expect((await wire.query('SELECT 2')).text).toEqual([['2']])
  })

  it('a damaged page of the search database is said, the record goes on, and verify finds it', async () => {
    await start()
    for (let i = 0; i < 30; i++) await wire.query(`SELECT 'page-${i}-${'y'.repeat(3000)}'`)
    wire.destroy()
    await host.host.close(0)
    const file = recordingsFile(host.dataDir)
    const { size } = fs.statSync(file)
    const fd = fs.openSync(file, 'r+')
    for (let at = 4096; at < size; at += 4096) fs.writeSync(fd, Buffer.alloc(2048, 0x5a), 0, 2048, at)
    fs.closeSync(fd)
    expect(() => {
      const { faults } = verifyRecordings(host.dataDir)
      if (faults.length > 0) throw new Error(faults[0]?.text)
    }).toThrow()
    await expect(
      startTestHost({ issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] }, { dataDir: host.dataDir }),
    ).rejects.toThrow(/damaged|malformed|not a database/)
  })

  it('what was masked on its way is in no file of the data directory', async () => {
    await start()
    const all = 'SELECT id, name, ssn, card, note FROM public.customers'
    for (const sql of [all, `COPY (${all}) TO STDOUT`]) {
      expect((await wire.query(sql)).errors, sql).toEqual([])
    }
    await wire.extended(all, [], { resultFormats: [1] })
    const read = (): string =>
      fs
        .readdirSync(host.dataDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
        .join('\n')
    await expect.poll(read, { timeout: 10_000 }).toContain('Customer 7')
    const files = read()
    expect(files).toContain('ssn')
    expect(files).not.toMatch(/987-65-\d{4}/)
  })
})
