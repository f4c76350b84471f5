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
  /** Encrypts all of it with another key, or with none. */
  reseal(key: string | undefined): void
}

const SALT_BYTES = 16
const NONCE_BYTES = 12
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const CHECK = 'check'

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
  let aes = key === undefined ? undefined : deriveKey(key, salt)
  if (found?.sealing === 'none')
    for (const [name, secret] of Object.entries(found.secrets)) secrets.set(name, Buffer.from(secret, 'base64'))
  if (found?.sealing === 'aes-256-gcm' && aes !== undefined) {
    if (unseal(aes, CHECK, found.check) === undefined) {
      throw unusable(`${path} is encrypted with another key`, 'give the key that it was made with')
    }
    for (const [name, sealed] of Object.entries(found.secrets)) {
      const secret = unseal(aes, `secret ${name}`, sealed)
      if (secret === undefined) throw unusable(`${path} is damaged: "${name}" was changed`, 'put it back from a back-up')
      secrets.set(name, secret)
    }
  }

  const save = (): void => writeVaultFile(path, describe(secrets, salt, aes))
  if (found === undefined || (found.sealing === 'none') !== (aes === undefined)) save()

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
      return aes !== undefined
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
      const before = { salt, aes }
      salt = randomBytes(SALT_BYTES)
      aes = next === undefined ? undefined : deriveKey(next, salt)
      try {
        save()
      } catch (cause) {
        salt = before.salt
        aes = before.aes
        throw cause
      }
    },
  }
}

function put(secrets: Map<string, Buffer>, name: string, secret: Buffer | undefined): void {
  if (secret === undefined) secrets.delete(name)
  else secrets.set(name, secret)
}

function deriveKey(key: string, salt: Buffer): Buffer {
  return scryptSync(key, salt, 32, SCRYPT)
}

function describe(secrets: ReadonlyMap<string, Buffer>, salt: Buffer, aes: Buffer | undefined): VaultFile {
  const entries = [...secrets].sort(([a], [b]) => (a < b ? -1 : 1))
  if (aes === undefined) {
    return { version: 1, sealing: 'none', secrets: Object.fromEntries(entries.map(([name, secret]) => [name, secret.toString('base64')])) }
  }
  return {
    version: 1,
    sealing: 'aes-256-gcm',
    salt: salt.toString('base64'),
    check: seal(aes, CHECK, Buffer.alloc(0)),
    secrets: Object.fromEntries(entries.map(([name, secret]) => [name, seal(aes, `secret ${name}`, secret)])),
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
