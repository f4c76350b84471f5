import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { join } from 'node:path'
import { readVaultFile, type SealedSecret, type VaultFile, writeVaultFile } from './vault-file.ts'
import { unusable } from './vault-key.ts'

/** Secrets of this host, by name, in one file of the data directory. */
export interface Vault {
  /** Encrypted at rest with a key that is not in the data directory. */
  readonly sealed: boolean
  names(): string[]
  read(name: string): Buffer | undefined
  /** Durable when it returns. Throws what the file system says; then the old value stands. */
  write(name: string, secret: Buffer): void
  remove(name: string): void
  /** The secret, made now if there is none. */
  readOrMake(name: string, make: () => Buffer): Buffer
  /** Encrypts all of it with another key (or the same again, or none), and with a new data key in any case. */
  reseal(key: string | undefined): void
}

const SALT_BYTES = 16
const NONCE_BYTES = 12
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const KEY_BYTES = 32
const CHECK = 'check'
const DATA_KEY = 'data key'

export const vaultFile = (dataDir: string): string => join(dataDir, 'vault.json')

/**
 * Opens the vault, or makes an empty one. One that was kept without a key is encrypted once a key is given; one that is encrypted is never
 * opened without. Throws `GatewayError` (`misconfigured`) that says what is wrong with key or file.
 */
export function openVault(dataDir: string, key: string | undefined): Vault {
  const path = vaultFile(dataDir)
  const found = readVaultFile(path)
  if (found?.sealing === 'aes-256-gcm' && key === undefined) {
    throw unusable(`${path} is encrypted and its key was not given`, 'set SALLYPORT_VAULT_KEY or SALLYPORT_VAULT_KEY_FILE')
  }
  const secrets = new Map<string, Buffer>()
  let salt = found?.sealing === 'aes-256-gcm' ? Buffer.from(found.salt, 'base64') : randomBytes(SALT_BYTES)
  let keys = key === undefined ? undefined : newKeys(deriveKey(key, salt))
  if (found?.sealing === 'none')
    for (const [name, secret] of Object.entries(found.secrets)) secrets.set(name, Buffer.from(secret, 'base64'))
  if (found?.sealing === 'aes-256-gcm' && keys !== undefined) {
    const data = found.version === 1 ? unseal(keys.master, CHECK, found.check) && keys.master : unseal(keys.master, DATA_KEY, found.key)
    if (data === undefined) throw unusable(`${path} is encrypted with another key`, 'give the key that it was made with')
    if (found.version === 2) keys = { master: keys.master, data }
    for (const [name, sealed] of Object.entries(found.secrets)) {
      const secret = unseal(data, `secret ${name}`, sealed)
      if (secret === undefined) throw unusable(`${path} is damaged: "${name}" was changed`, 'put it back from a back-up')
      secrets.set(name, secret)
    }
  }

  const save = (): void => writeVaultFile(path, describe(secrets, salt, keys))
  const old = found?.sealing === 'aes-256-gcm' && found.version === 1
  if (found === undefined || old || (found.sealing === 'none') !== (keys === undefined)) save()

  /** What could not be stored is not held either. */
  const change = (name: string, secret: Buffer | undefined): void => {
    const before = secrets.get(name)
    put(secrets, name, secret)
    try {
      save()
    } catch (cause) {
      put(secrets, name, before)
      throw cause
    }
  }
  return {
    get sealed() {
      return keys !== undefined
    },
    names: () => [...secrets.keys()].sort(),
    read: (name) => secrets.get(name),
    write: (name, secret) => change(name, Buffer.from(secret)),
    remove: (name) => {
      if (secrets.has(name)) change(name, undefined)
    },
    readOrMake: (name, make) => {
      const known = secrets.get(name)
      if (known !== undefined) return known
      const made = make()
      change(name, made)
      return made
    },
    reseal: (next) => {
      const before = { salt, keys }
      salt = randomBytes(SALT_BYTES)
      keys = next === undefined ? undefined : newKeys(deriveKey(next, salt))
      try {
        save()
      } catch (cause) {
        salt = before.salt
        keys = before.keys
        throw cause
      }
    },
  }
}

function put(secrets: Map<string, Buffer>, name: string, secret: Buffer | undefined): void {
  if (secret === undefined) secrets.delete(name)
  else secrets.set(name, secret)
}

/** `master` is made of the operator's key and only encrypts `data`, which encrypts the secrets. */
interface Keys {
  readonly master: Buffer
  readonly data: Buffer
}

const newKeys = (master: Buffer): Keys => ({ master, data: randomBytes(KEY_BYTES) })

function deriveKey(key: string, salt: Buffer): Buffer {
  return scryptSync(key, salt, KEY_BYTES, SCRYPT)
}

function describe(secrets: ReadonlyMap<string, Buffer>, salt: Buffer, keys: Keys | undefined): VaultFile {
  const entries = [...secrets].sort(([a], [b]) => (a < b ? -1 : 1))
  if (keys === undefined) {
    return { version: 1, sealing: 'none', secrets: Object.fromEntries(entries.map(([name, secret]) => [name, secret.toString('base64')])) }
  }
  return {
    version: 2,
    sealing: 'aes-256-gcm',
    salt: salt.toString('base64'),
    key: seal(keys.master, DATA_KEY, keys.data),
    secrets: Object.fromEntries(entries.map(([name, secret]) => [name, seal(keys.data, `secret ${name}`, secret)])),
  }
}

function seal(aes: Buffer, name: string, secret: Buffer): SealedSecret {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', aes, nonce).setAAD(Buffer.from(name))
  const data = Buffer.concat([cipher.update(secret), cipher.final()])
  return { nonce: nonce.toString('base64'), data: data.toString('base64'), tag: cipher.getAuthTag().toString('base64') }
}

/** Undefined when the key is another one or something was changed. */
function unseal(aes: Buffer, name: string, sealed: SealedSecret): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', aes, Buffer.from(sealed.nonce, 'base64'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(sealed.tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()])
  } catch {
    return undefined
  }
}
