import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Vault } from '../vault/open-vault.ts'
import { unusable } from '../vault/vault-key.ts'

const KEY_BYTES = 32
const NAME = 'token-key'

/**
 * The 32 bytes behind the mask form `token`, kept in the vault, made at the first start. As long as they stay, the same value has the same
 * token. One that an earlier version kept in `DATA/keys/token.key` is moved. Throws `misconfigured` when it has another size.
 */
export function readTokenKey(vault: Vault, dataDirectory: string): Buffer {
  const old = join(dataDirectory, 'keys', 'token.key')
  const key = vault.readOrMake(NAME, () => readOld(old) ?? randomBytes(KEY_BYTES))
  if (key.length !== KEY_BYTES) {
    throw unusable(
      `the key of the mask form token has ${key.length} bytes instead of ${KEY_BYTES}`,
      'put the vault back from a back-up; a new key changes every masked token',
    )
  }
  // It is in the vault for good now: two copies would be one too many.
  rmSync(old, { force: true })
  return key
}

/** Makes a new key: from the next start on every value has another token, and old ones can no longer be compared with new ones. */
export function rotateTokenKey(vault: Vault): void {
  vault.write(NAME, randomBytes(KEY_BYTES))
}

function readOld(path: string): Buffer | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  const key = readFileSync(path)
  if (key.length === KEY_BYTES) return key
  throw unusable(
    `${path} has ${key.length} bytes instead of ${KEY_BYTES}`,
    'put the key back from a back-up; a new one changes every masked token',
  )
}
