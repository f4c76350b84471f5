import { createHmac } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Characters of a token. */
export const TOKEN_LENGTH = 24

/** What makes a token: who is asked for it changes it, so that tokens of two connections or labels cannot be compared. */
export interface TokenScope {
  /** 32 bytes. */
  readonly key: Buffer
  readonly connection: string
  readonly label: string
}

/** `tok_` and 20 characters of base32 (100 bits) of HMAC-SHA256 over connection, label and value. The same value always gives the same token. */
export function tokenFor(scope: TokenScope, value: Uint8Array): string {
  const mac = macOf(scope, value)
  let text = 'tok_'
  let bits = 0
  let held = 0
  for (let i = 0; text.length < TOKEN_LENGTH; i++) {
    held = (held << 8) | mac[i]!
    bits += 8
    while (bits >= 5 && text.length < TOKEN_LENGTH) {
      bits -= 5
      text += ALPHABET[(held >>> bits) & 31]!
      held &= (1 << bits) - 1
    }
  }
  return text
}

/** The same for a uuid column: a version 8 uuid (RFC 9562, "custom"). */
export function uuidTokenFor(scope: TokenScope, value: Uint8Array): Buffer {
  const mac = Buffer.from(macOf(scope, value).subarray(0, 16))
  mac[6] = (mac[6]! & 0x0f) | 0x80
  mac[8] = (mac[8]! & 0x3f) | 0x80
  return mac
}

function macOf(scope: TokenScope, value: Uint8Array): Buffer {
  return createHmac('sha256', scope.key).update(`${scope.connection}\0${scope.label}\0`).update(value).digest()
}
