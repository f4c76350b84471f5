import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { desktopSettingsSchema } from '../../main/contract/desktop.ts'
import { firstSettings } from '../../main/desktop/first-settings.ts'
import { hearSetUpCode } from '../../main/desktop/hear-set-up-code.ts'
import { readJson, writeJson } from '../../main/desktop/keep-json.ts'
import { createSessionKeeper } from '../../main/desktop/keep-session.ts'
import { type Keychain, readVaultKeyFrom } from '../../main/desktop/keep-vault-key.ts'
import { lookForUpdates, type Updater } from '../../main/desktop/look-for-updates.ts'
import { releaseMessage, sha512Of, verifyRelease } from '../../main/desktop/verify-release.ts'
import { openVault, vaultFile } from '../../main/vault/open-vault.ts'
import { until } from '../helpers/desk-host.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-desk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** One account's keychain; another's cannot open what it sealed. */
const keychain = (account = 'priya', problem?: string): Keychain => ({
  problem: async () => problem,
  encrypt: async (text) => Buffer.from(`${account}:${Buffer.from(text).toString('base64')}`),
  decrypt: async (bytes) => {
    const [owner, sealed = ''] = bytes.toString().split(':')
    if (owner !== account) throw new Error('not this account’s')
    return Buffer.from(sealed, 'base64').toString()
  },
})

describe('the settings', () => {
  it('are written whole, for this account only, and read back', () => {
    const file = join(folder, 'deep', 'settings.json')
    expect(readJson(file, desktopSettingsSchema, firstSettings)).toEqual({ value: firstSettings, fault: undefined })
    const changed = { ...firstSettings, startAtLogin: true, mode: { kind: 'host' as const, configFile: '/etc/sallyport.yaml' } }
    writeJson(file, changed)
    expect(readJson(file, desktopSettingsSchema, firstSettings)).toEqual({ value: changed, fault: undefined })
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that are damaged are put aside and said, never guessed at', () => {
    const file = join(folder, 'settings.json')
    for (const text of [
      '{',
      '{"version":2}',
      JSON.stringify({ ...firstSettings, extra: 1 }),
      JSON.stringify({ ...firstSettings, startAtLogin: 'yes' }),
    ]) {
      writeFileSync(file, text)
      const { value, fault } = readJson(file, desktopSettingsSchema, firstSettings)
      expect(value).toEqual(firstSettings)
      expect(fault).toContain('was damaged')
      expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text)
      expect(existsSync(file)).toBe(false)
    }
  })
})

describe('the vault’s key', () => {
  const files = () => ({ key: join(folder, 'vault-key.json'), vault: vaultFile(folder) })

  it('is made once, kept in the keychain, and opens the vault again', async () => {
    const { key: file, vault } = files()
    const first = await readVaultKeyFrom(keychain(), file, vault)
    openVault(folder, first).write('one', Buffer.from('secret'))
    expect(readFileSync(vault, 'utf8')).toContain('aes-256-gcm')
    expect(readFileSync(file, 'utf8')).not.toContain(first)
    const again = await readVaultKeyFrom(keychain(), file, vault)
    expect(openVault(folder, again).read('one')?.toString()).toBe('secret')
  })

  it('is never made anew where a vault is encrypted already, nor by another account', async () => {
    const { key: file, vault } = files()
    openVault(folder, 'another key, sixteen characters long')
    await expect(readVaultKeyFrom(keychain(), file, vault)).rejects.toThrow('its key is not in this account’s keychain')
    expect(existsSync(file)).toBe(false)
    rmSync(vault)
    await readVaultKeyFrom(keychain(), file, vault)
    await expect(readVaultKeyFrom(keychain('someone else'), file, vault)).rejects.toThrow('cannot be opened by this account’s keychain')
  })

  it('says plainly where there is no keychain, and makes nothing', async () => {
    const { key: file, vault } = files()
    await expect(readVaultKeyFrom(keychain('x', 'This desktop has no keyring.'), file, vault)).rejects.toThrow(
      'This desktop has no keyring.',
    )
    expect(existsSync(file)).toBe(false)
  })
})

describe('the session', () => {
  const cookie = { name: 'sallyport-session', value: 'v'.repeat(43), secure: false, maxAgeS: 3600 }

  it('is kept encrypted, for its own host, until it ends', async () => {
    let now = 1_000_000
    const file = join(folder, 'session.json')
    const keeper = createSessionKeeper(keychain(), file, () => now)
    await keeper.write('https://a.corp', cookie)
    expect(readFileSync(file, 'utf8')).not.toContain(cookie.value)
    expect(await keeper.read('https://a.corp')).toEqual(cookie)
    expect(await keeper.read('https://b.corp')).toBeUndefined()
    expect(await createSessionKeeper(keychain('someone else'), file, () => now).read('https://a.corp')).toBeUndefined()
    now += 3_600_000
    expect(await keeper.read('https://a.corp')).toBeUndefined()
    keeper.forget()
    expect(existsSync(file)).toBe(false)
  })

  it('is not kept at all where there is no keychain', async () => {
    const file = join(folder, 'session.json')
    await createSessionKeeper(keychain('x', 'none'), file, () => 0).write('https://a.corp', cookie)
    expect(existsSync(file)).toBe(false)
  })
})

describe('the set-up code', () => {
  it('is shown to whoever sits here and copied when asked; every other line goes to the log', async () => {
    const lines: string[] = []
    const asked: string[] = []
    const copied: string[] = []
    const quiet = { info: () => undefined, warn: (event: string) => void lines.push(event), error: () => undefined }
    const heard = hearSetUpCode(quiet, {
      ask: async ({ detail }) => {
        asked.push(detail)
        return true
      },
      copy: (text) => void copied.push(text),
    })
    heard.warn('set-up.code', { code: 'ABCD-EFGH', at: 'http://127.0.0.1:8443' })
    heard.warn('something-else')
    await until('it is copied', () => copied.length === 1)
    expect([asked[0]?.includes('ABCD-EFGH'), copied, lines]).toEqual([true, ['ABCD-EFGH'], ['something-else']])
  })
})

describe('a release', () => {
  const pair = () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }
  }
  const log = {
    lines: [] as string[],
    info: () => undefined,
    warn: (_: string, fields?: Record<string, unknown>) => void log.lines.push(String(fields?.['reason'])),
    error: () => undefined,
  }

  it('counts only with the team’s own signature over this very file', async () => {
    const { privateKey, publicKey } = pair()
    const file = join(folder, 'Sallyport-2.AppImage')
    writeFileSync(file, 'the program')
    const signature = sign(null, releaseMessage(await sha512Of(file)), privateKey).toString('base64')
    expect(await verifyRelease(file, `${signature}\n`, publicKey)).toBe(true)
    expect(await verifyRelease(file, signature, pair().publicKey)).toBe(false)
    expect(await verifyRelease(file, sign(null, await sha512Of(file), privateKey).toString('base64'), publicKey)).toBe(false)
    expect(await verifyRelease(file, '', publicKey)).toBe(false)
    expect(await verifyRelease(file, signature, 'no key')).toBe(false)
    writeFileSync(file, 'another program')
    expect(await verifyRelease(file, signature, publicKey)).toBe(false)
  })

  it('is installed when it is verified and a person agrees, and removed when it is not', async () => {
    const { privateKey, publicKey } = pair()
    const file = join(folder, 'Sallyport-2.AppImage')
    const run = async (signature: string, agrees: boolean) => {
      writeFileSync(file, 'the program')
      const heard = new Map<string, (value: never) => void>()
      const did: unknown[] = []
      const updater: Updater = {
        autoDownload: false,
        autoInstallOnAppQuit: true,
        allowDowngrade: true,
        setFeedURL: (options) => did.push(options),
        checkForUpdates: async () => heard.get('update-downloaded')?.({ version: '2.0.0', downloadedFile: file } as never),
        quitAndInstall: () => did.push('installed'),
        on: (event: string, listener: (value: never) => void) => heard.set(event, listener),
      }
      let offered = 0
      const asked: string[] = []
      log.lines.length = 0
      const end = lookForUpdates({
        updates: { from: 'https://releases.corp/sallyport/', publicKey },
        load: async () => updater,
        readText: async (url) => {
          asked.push(url)
          return signature
        },
        offer: async () => {
          offered += 1
          return agrees
        },
        log,
      })
      await until('the release is looked at', () => offered > 0 || log.lines.length > 0)
      await new Promise((resolve) => setImmediate(resolve))
      end()
      expect(updater.autoInstallOnAppQuit).toBe(false)
      expect(did[0]).toEqual({ provider: 'generic', url: 'https://releases.corp/sallyport/' })
      expect(asked).toEqual(['https://releases.corp/sallyport/Sallyport-2.AppImage.sig'])
      return { installed: did.includes('installed'), offered, there: existsSync(file) }
    }
    writeFileSync(file, 'the program')
    const good = sign(null, releaseMessage(await sha512Of(file)), privateKey).toString('base64')
    expect(await run(good, true)).toEqual({ installed: true, offered: 1, there: true })
    expect(await run(good, false)).toEqual({ installed: false, offered: 1, there: true })
    expect(await run('AAAA', true)).toEqual({ installed: false, offered: 0, there: false })
    expect(log.lines[0]).toContain('not signed with the team’s key')
  })
})
