import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { readJson, writeJson } from './keep-json.ts'

/** The operating system's own store for secrets; `shell/keychain.ts` gives Electron's. */
export interface Keychain {
  /** Undefined when it can be used, else why not, in a sentence. */
  problem(): Promise<string | undefined>
  encrypt(text: string): Promise<Buffer>
  /** Rejects when it was encrypted by another account or computer. */
  decrypt(bytes: Buffer): Promise<string>
}

const fileSchema = z.strictObject({ version: z.literal(1), sealed: z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/) })

/** Why the vault's key cannot be had. `message` says what to do. */
export class NoVaultKey extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoVaultKey'
  }
}

/**
 * The key that the host's vault is encrypted with, from the keychain: made at the first start and kept in `file`, which only the keychain of this account can
 * open. `vaultFile` is the vault it is for: where one is encrypted and its key is gone, no new one is made. Rejects with `NoVaultKey`.
 */
export async function readVaultKeyFrom(keychain: Keychain, file: string, vaultFile: string): Promise<string> {
  const problem = await keychain.problem()
  if (problem !== undefined) throw new NoVaultKey(problem)
  if (existsSync(file)) {
    const { value } = readJson(file, fileSchema.nullable(), null)
    const key = value === null ? undefined : await open(keychain, value.sealed)
    if (key !== undefined) return key
    throw new NoVaultKey(`${file} cannot be opened by this account’s keychain. ${RESTORE}`)
  }
  if (isEncrypted(vaultFile)) throw new NoVaultKey(`${vaultFile} is encrypted, and its key is not in this account’s keychain. ${RESTORE}`)
  const key = randomBytes(32).toString('base64')
  writeJson(file, { version: 1, sealed: (await keychain.encrypt(key)).toString('base64') })
  return key
}

const RESTORE = 'Put it back from a back-up, or start the host with SALLYPORT_VAULT_KEY where you have written the key down.'

async function open(keychain: Keychain, sealed: string): Promise<string | undefined> {
  try {
    return await keychain.decrypt(Buffer.from(sealed, 'base64'))
  } catch {
    return undefined
  }
}

function isEncrypted(vaultFile: string): boolean {
  return existsSync(vaultFile) && /"sealing":\s*"aes/.test(readFileSync(vaultFile, 'utf8'))
}
