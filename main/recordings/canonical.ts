import { sha256 } from './hash.ts'
import { HASH_BYTES } from './journal-format.ts'

/**
 * The canonical encoding of an event, which its hash is made over and which is what is stored:
 *
 *     u32 length | head (JSON, keys in the fixed order of `derive-events.ts`, UTF-8) | u32 length | attachment (raw bytes)
 *
 * The hash is SHA-256 over (hash of the event before it, 32 bytes; this encoding). The first event's predecessor is the SHA-256 of the
 * session's id, so that no event can be carried to another session. Heads name texts, facts and verdicts by their SHA-256.
 */
export function encodeEvent(head: string, attachment: Buffer | undefined): Buffer {
  const headBytes = Buffer.byteLength(head)
  const attached = attachment?.length ?? 0
  const out = Buffer.allocUnsafe(8 + headBytes + attached)
  out.writeUInt32LE(headBytes, 0)
  out.write(head, 4)
  out.writeUInt32LE(attached, 4 + headBytes)
  attachment?.copy(out, 8 + headBytes)
  return out
}

export function hashEvent(previous: string, encoded: Buffer): string {
  const chained = Buffer.allocUnsafe(HASH_BYTES + encoded.length)
  chained.write(previous, 0, 'latin1')
  encoded.copy(chained, HASH_BYTES)
  return sha256(chained)
}

export function firstHash(sessionId: string): string {
  return sha256(Buffer.from(sessionId))
}

export interface EncodedEvent {
  readonly encoded: Buffer
  readonly head: string
  readonly attachment: Buffer
  readonly hash: string
}

/** Cuts a chunk (encoding, hash, encoding, hash, …) into its events. Throws `RangeError` when it does not add up. */
export function* readEvents(body: Buffer): Generator<EncodedEvent> {
  let offset = 0
  while (offset < body.length) {
    const headEnd = offset + 4 + body.readUInt32LE(offset)
    const end = headEnd + 4 + body.readUInt32LE(headEnd)
    if (end + HASH_BYTES > body.length) throw new RangeError('an event runs out of its chunk')
    yield {
      encoded: body.subarray(offset, end),
      head: body.toString('utf8', offset + 4, headEnd),
      attachment: body.subarray(headEnd + 4, end),
      hash: body.toString('latin1', end, end + HASH_BYTES),
    }
    offset = end + HASH_BYTES
  }
}

/** Only the hashes of a chunk's events. Throws `RangeError` when it does not add up. */
export function* readHashes(body: Buffer): Generator<string> {
  let offset = 0
  while (offset < body.length) {
    const headEnd = offset + 4 + body.readUInt32LE(offset)
    const end = headEnd + 4 + body.readUInt32LE(headEnd)
    if (end + HASH_BYTES > body.length) throw new RangeError('an event runs out of its chunk')
    yield body.toString('latin1', end, end + HASH_BYTES)
    offset = end + HASH_BYTES
  }
}
