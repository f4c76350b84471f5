import { createCipheriv, scryptSync } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openVault, vaultFile } from '../../main/vault/open-vault.ts'
import { readVaultKey } from '../../main/vault/vault-key.ts'
import { temporaryDirectory } from '../recordings/fixtures.ts'

const KEY = 'a key of the operator, long enough'
const secret = Buffer.from('the-secret-credential')

test('a secret is there after a restart, for this user alone, and no draft is left behind', () => {
  const dataDir = temporaryDirectory()
  openVault(dataDir, undefined).write('shop', secret)
  expect(openVault(dataDir, undefined).read('shop')).toEqual(secret)
  expect(statSync(vaultFile(dataDir)).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataDir)).toEqual(['vault.json'])
})

test('with a key nothing of it can be read in the file, and without the key it is not opened', () => {
  const dataDir = temporaryDirectory()
  const vault = openVault(dataDir, KEY)
  vault.write('shop', secret)
  expect(vault.sealed).toBe(true)
  const text = readFileSync(vaultFile(dataDir), 'utf8')
  expect(text).not.toContain(secret.toString('base64').slice(0, 12))
  expect(openVault(dataDir, KEY).read('shop')).toEqual(secret)
  expect(() => openVault(dataDir, undefined)).toThrow(/its key was not given/)
  expect(() => openVault(dataDir, `${KEY}!`)).toThrow(/another key/)
})

test('a vault that was kept without a key is encrypted when one is given', () => {
  const dataDir = temporaryDirectory()
  openVault(dataDir, undefined).write('shop', secret)
  expect(openVault(dataDir, KEY).read('shop')).toEqual(secret)
  expect(readFileSync(vaultFile(dataDir), 'utf8')).not.toContain(secret.toString('base64'))
  const vault = openVault(dataDir, KEY)
  vault.reseal('another key, long enough too')
  expect(() => openVault(dataDir, KEY)).toThrow(/another key/)
  expect(openVault(dataDir, 'another key, long enough too').read('shop')).toEqual(secret)
})

test('another operator’s key needs only the data key anew; what an earlier version wrote is read, and then kept so', () => {
  const dataDir = temporaryDirectory()
  const vault = openVault(dataDir, KEY)
  vault.write('shop', secret)
  const read = () => JSON.parse(readFileSync(vaultFile(dataDir), 'utf8'))
  const before = read()
  expect(before).toMatchObject({ version: 2, sealing: 'aes-256-gcm' })
  vault.reseal(KEY)
  expect(read().key).not.toEqual(before.key)
  expect(read().secrets.shop.data).not.toBe(before.secrets.shop.data)

  const salt = Buffer.alloc(16, 1)
  const master = scryptSync(KEY, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 })
  const seal = (name: string, text: Buffer) => {
    const nonce = Buffer.alloc(12, name.length)
    const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(name))
    const data = Buffer.concat([cipher.update(text), cipher.final()])
    return { nonce: nonce.toString('base64'), data: data.toString('base64'), tag: cipher.getAuthTag().toString('base64') }
  }
  const first = { version: 1, sealing: 'aes-256-gcm', salt: salt.toString('base64'), check: seal('check', Buffer.alloc(0)) }
  writeFileSync(vaultFile(dataDir), JSON.stringify({ ...first, secrets: { old: seal('secret old', secret) } }))
  expect(openVault(dataDir, KEY).read('old')).toEqual(secret)
  expect(read().version).toBe(2)
  expect(openVault(dataDir, KEY).read('old')).toEqual(secret)
}, 30_000)

test('two secrets that were exchanged in the file are not taken for each other', () => {
  const dataDir = temporaryDirectory()
  const vault = openVault(dataDir, KEY)
  vault.write('a', Buffer.from('one'))
  vault.write('b', Buffer.from('two'))
  const file = JSON.parse(readFileSync(vaultFile(dataDir), 'utf8'))
  writeFileSync(vaultFile(dataDir), JSON.stringify({ ...file, secrets: { a: file.secrets.b, b: file.secrets.a } }))
  expect(() => openVault(dataDir, KEY)).toThrow(/"a" was changed/)
})

test('a vault that others may read, or that is none, is refused', () => {
  const dataDir = temporaryDirectory()
  openVault(dataDir, undefined)
  chmodSync(vaultFile(dataDir), 0o644)
  expect(() => openVault(dataDir, undefined)).toThrow(/mode 644/)
  chmodSync(vaultFile(dataDir), 0o600)
  writeFileSync(vaultFile(dataDir), '{"version":2}')
  expect(() => openVault(dataDir, undefined)).toThrow(/damaged/)
})

test('the operator’s key comes from the environment or a file, and a weak one is refused', () => {
  const file = join(temporaryDirectory(), 'key')
  writeFileSync(file, `${KEY}\n`)
  expect(readVaultKey({})).toBeUndefined()
  expect(readVaultKey({ SALLYPORT_VAULT_KEY: KEY })).toBe(KEY)
  expect(readVaultKey({ SALLYPORT_VAULT_KEY_FILE: file })).toBe(KEY)
  expect(() => readVaultKey({ SALLYPORT_VAULT_KEY: 'short' })).toThrow(/5 characters/)
  expect(() => readVaultKey({ SALLYPORT_VAULT_KEY: KEY, SALLYPORT_VAULT_KEY_FILE: file })).toThrow(/both/)
  expect(() => readVaultKey({ SALLYPORT_VAULT_KEY_FILE: `${file}x` })).toThrow(/ENOENT/)
})
