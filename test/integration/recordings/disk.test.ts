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

  it('a journal file that somebody removes is put back, without a restart and with nothing lost', async () => {
    await start()
    await wire.query("SELECT 'before-removal'")
    for (const name of fs.readdirSync(journalDirectory(host.dataDir))) fs.rmSync(path.join(journalDirectory(host.dataDir), name))
    await wire.query("SELECT 'while-removed'")
    await expect.poll(trouble, { timeout: 10_000 }).toMatch(/was removed or replaced under the running host. It was put back/)
    expect((await wire.query("SELECT 'after-removal'")).errors).toEqual([])
    wire.destroy()
    await host.host.close(0)
    expect(verifyRecordings(host.dataDir).faults).toEqual([])
    const record = fs
      .readdirSync(journalDirectory(host.dataDir))
      .map((name) => fs.readFileSync(path.join(journalDirectory(host.dataDir), name), 'latin1'))
      .join('')
    for (const marker of ['before-removal', 'while-removed', 'after-removal']) expect(record).toContain(marker)
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

  function spoil(file: string): void {
    const { size } = fs.statSync(file)
    const fd = fs.openSync(file, 'r+')
    for (let at = 4096; at < size; at += 4096) fs.writeSync(fd, Buffer.alloc(2048, 0x5a), 0, 2048, at)
    fs.closeSync(fd)
  }
  async function search(word: string): Promise<string> {
    const token = await issuer.mint({ sub: 'ada', azp: 'some-tool', groups: ['leads'], authTimeAgo: 10 })
    const { status, body } = await host.call(token, 'GET', `/api/statements?q=${word}`)
    const found = [...JSON.stringify(body).matchAll(/(?<=SELECT ')[^"]{1,24}/g)].map(([text]) => text.replaceAll(/[[\]]/g, ''))
    return `${status} ${found.join(' ')}`
  }

  it('a search database that was damaged while the host was stopped is made anew when it starts', async () => {
    await start()
    for (let i = 0; i < 30; i++) await wire.query(`SELECT 'page-${i}-${'y'.repeat(3000)}'`)
    wire.destroy()
    await host.host.close(0)
    spoil(recordingsFile(host.dataDir))
    expect(() => {
      const { faults } = verifyRecordings(host.dataDir)
      if (faults.length > 0) throw new Error(faults[0]?.text)
    }).toThrow()
    await start(host.dataDir)
    expect(trouble()).toMatch(/search database was damaged .* is made anew from the journal.* kept as .*recordings\.db\.damaged-/)
    expect(await search('page')).toContain('page-29-')
    wire.destroy()
    await host.host.close(0)
    expect(verifyRecordings(host.dataDir).faults).toEqual([])
  })

  it('a search database that is damaged under the running host is made anew, and no statement waits for that', async () => {
    await start()
    for (let i = 0; i < 30; i++) await wire.query(`SELECT 'before-${i}-${'y'.repeat(3000)}'`)
    await expect.poll(() => search('before'), { timeout: 10_000 }).toContain('before-29-')
    for (const suffix of ['-wal', '']) spoil(`${recordingsFile(host.dataDir)}${suffix}`)
    fs.writeFileSync(recordingsFile(host.dataDir), Buffer.alloc(4096, 0x41))
    for (let i = 0; i < 10; i++) expect((await wire.query(`SELECT 'damaged-${i}'`)).errors).toEqual([])
    // A reader or the filler, whoever meets it first.
    await expect.poll(async () => `${await search('damaged')} ${trouble()}`, { timeout: 20_000 }).toMatch(/made anew from the journal/)
    await expect.poll(() => search('damaged'), { timeout: 20_000 }).toContain('damaged-9')
    expect(await search('before')).toContain('before-29-')
    wire.destroy()
    await host.host.close(0)
    expect(verifyRecordings(host.dataDir).faults).toEqual([])
  })

  it('a search database that is removed under the running host is filled anew', { retry: 1 }, async () => {
    await start()
    await wire.query("SELECT 'kept-in-the-journal'")
    for (const suffix of ['', '-wal', '-shm']) fs.rmSync(`${recordingsFile(host.dataDir)}${suffix}`, { force: true })
    await expect.poll(trouble, { timeout: 10_000 }).toMatch(/removed or replaced.*made anew/)
    await expect.poll(() => search('kept'), { timeout: 10_000 }).toContain('kept-in-the-journal')
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
