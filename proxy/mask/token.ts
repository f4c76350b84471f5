import { hash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Block size of SHA-256, bytes. */
const BLOCK = 64

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

interface Pads {
  readonly inner: Buffer
  readonly outer: Buffer
}

/** By key, then by connection and label: the part of the HMAC that does not depend on the value. */
const pads = new WeakMap<Buffer, Map<string, Pads>>()

/** HMAC-SHA256 (RFC 2104) in two one-shot hashes, a fraction of what an Hmac object costs. */
function macOf(scope: TokenScope, value: Uint8Array): Buffer {
  const { inner, outer } = padsOf(scope)
  return hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, value]), 'buffer')]), 'buffer')
}

function padsOf(scope: TokenScope): Pads {
  let known = pads.get(scope.key)
  if (known === undefined) {
    known = new Map()
    pads.set(scope.key, known)
  }
  const name = `${scope.connection}\0${scope.label}\0`
  let found = known.get(name)
  if (found === undefined) {
    const key = Buffer.alloc(BLOCK)
    ;(scope.key.length > BLOCK ? hash('sha256', scope.key, 'buffer') : scope.key).copy(key)
    found = {
      inner: Buffer.concat([key.map((byte) => byte ^ 0x36), Buffer.from(name)]),
      outer: Buffer.from(key.map((byte) => byte ^ 0x5c)),
    }
    known.set(name, found)
  }
  return found
}
