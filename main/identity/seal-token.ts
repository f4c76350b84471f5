import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Vault } from '../vault/open-vault.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Keeps the tokens of signed-in people unreadable in the store (AES-256-GCM); bound to whom they are of. */
export interface TokenSeal {
  seal(text: string, of: string): Buffer
  /** Undefined when it was changed, is somebody else's, or was sealed with another key. */
  open(sealed: Buffer, of: string): string | undefined
}

/** The key is a secret of the vault, made at the first start. */
export function readSealKey(vault: Pick<Vault, 'readOrMake'>): Buffer {
  return vault.readOrMake('web-session-key', () => randomBytes(32))
}

export function createTokenSeal(key: Buffer): TokenSeal {
  return {
    seal(text, of) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(of))
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), data])
    },
    open(sealed, of) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(of)).setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
