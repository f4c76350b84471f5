import { createHmac, randomBytes } from 'node:crypto'
import type { Vault } from '../vault/open-vault.ts'

/** Its own corner of the vault: a reference in a configuration must not reach the host's keys. */
const PREFIX = 'config/'
const HASH_KEY = 'configuration-hash'

/** Credentials of the configuration that the vault keeps. */
export interface ConfigSecrets {
  read(name: string): string | undefined
  /** All or none; durable when it returns. Returns what takes them back. */
  write(secrets: readonly { readonly name: string; readonly secret: string }[]): () => void
  /** Tells whether a file is the same as before without telling what was in it. */
  hashOf(text: string): string
}

export function createConfigSecrets(vault: Vault): ConfigSecrets {
  const put = (name: string, secret: Buffer | undefined): void => {
    if (secret === undefined) vault.remove(PREFIX + name)
    else vault.write(PREFIX + name, secret)
  }
  return {
    read: (name) => vault.read(PREFIX + name)?.toString('utf8'),
    write(secrets) {
      const before: [string, Buffer | undefined][] = []
      const undo = (): void => {
        for (const [name, old] of before.splice(0).reverse()) put(name, old)
      }
      try {
        for (const { name, secret } of secrets) {
          const old = vault.read(PREFIX + name)
          if (old?.toString('utf8') === secret) continue
          put(name, Buffer.from(secret, 'utf8'))
          before.push([name, old])
        }
      } catch (cause) {
        undo()
        throw cause
      }
      return undo
    },
    hashOf(text) {
      const key = vault.readOrMake(HASH_KEY, () => randomBytes(32))
      return createHmac('sha256', key).update(text).digest('hex')
    },
  }
}
