import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDirectory } from '../../main/store/lock-directory.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { preparePrivateDirectory } from '../../main/store/prepare-directory.ts'
import { StoreError } from '../../main/store/store-error.ts'
import { prepareWebSessions } from '../../main/store/web-sessions-table.ts'
import { VERSION } from '../../main/version.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { temporaryDirectory } from '../recordings/fixtures.ts'

function refused(work: () => unknown): StoreError {
  try {
    work()
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('it was not refused')
}

test('a store that a newer Sallyport wrote is refused with both versions', () => {
  const path = join(temporaryDirectory(), 'host.db')
  openDatabase(path, { migrations: [...hostMigrations, 'CREATE TABLE later (x INTEGER) STRICT'] }).close()
  const error = refused(() => openDatabase(path, { migrations: hostMigrations }))
  expect(error.code).toBe('newer')
  expect(error.message).toContain(`store version ${hostMigrations.length + 1}, this one knows ${hostMigrations.length}`)
})

test('an older store is brought up step by step, and a step that fails leaves it as it was', () => {
  const path = join(temporaryDirectory(), 'host.db')
  openDatabase(path, { migrations: ['CREATE TABLE a (x)'] }).close()
  expect(() => openDatabase(path, { migrations: ['CREATE TABLE a (x)', 'CREATE TABLE b (x); SELECT nonsense'] })).toThrow()
  const db = openDatabase(path, { migrations: ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'] })
  expect(db.pragma('user_version', { simple: true })).toBe(2)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  db.close()
})

test('a file that is no database is called damaged', () => {
  const path = join(temporaryDirectory(), 'host.db')
  writeFileSync(path, 'x'.repeat(5000))
  expect(refused(() => openDatabase(path, { migrations: hostMigrations })).code).toBe('damaged')
})

test('a reader makes nothing', () => {
  const directory = temporaryDirectory()
  expect(refused(() => openDatabase(join(directory, 'host.db'), { migrations: hostMigrations, readonly: true })).code).toBe('missing')
  expect(readdirSync(directory)).toEqual([])
})

test('a data directory is one host’s: the second is told who has it, and gets it afterwards', () => {
  const directory = temporaryDirectory()
  const unlock = lockDirectory(directory)
  const error = refused(() => lockDirectory(directory))
  expect(error.code).toBe('in-use')
  expect(error.message).toContain(`process ${process.pid}`)
  unlock()
  lockDirectory(directory)()
})

test('folders and files are for their owner alone', () => {
  const directory = join(temporaryDirectory(), 'data')
  preparePrivateDirectory(directory)
  const db = openDatabase(join(directory, 'host.db'), { migrations: hostMigrations })
  db.exec('CREATE TABLE t (x)')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600)
  db.close()
})

test('web sessions are kept, touched, and removed when old', () => {
  const path = join(temporaryDirectory(), 'host.db')
  const db = openDatabase(path, { migrations: hostMigrations })
  const store = prepareWebSessions(db)
  const session = {
    id: 'a',
    issuer: 'i',
    subject: 's',
    name: 'n',
    groups: ['g'],
    authTime: null,
    verifiedEmail: 'n@x',
    sid: null,
    createdAt: 10,
    seenAt: 10,
  }
  store.insert(session)
  store.touch('a', 20)
  expect(store.find('a')).toEqual({ ...session, seenAt: 20 })
  store.removeOld(5, 15)
  expect(store.find('a')).toBeDefined()
  store.removeOld(5, 21)
  expect(store.find('a')).toBeUndefined()
  db.close()
})

test('the program’s version is that of package.json', () => {
  expect(VERSION).toBe(packageJson.version)
})
