import { sha256 } from './hash.ts'
import { HASH_BYTES, HEADER_BYTES, LENGTH_BYTES, MAGIC, MAX_BATCH_BYTES } from './journal-format.ts'

export interface SegmentHeader {
  readonly number: number
  readonly at: number
  /** Hash of the last batch before this segment. */
  readonly previous: string
  readonly hash: string
}

/** Reads and checks a segment's first bytes. Undefined when they are not all there or not what was written. */
export function readHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined
  const hash = bytes.toString('latin1', HEADER_BYTES - HASH_BYTES, HEADER_BYTES)
  if (sha256(bytes.subarray(0, HEADER_BYTES - HASH_BYTES)) !== hash) return undefined
  return { number: bytes.readUInt32LE(8), at: bytes.readDoubleLE(12), previous: bytes.toString('latin1', 20, 20 + HASH_BYTES), hash }
}

export type Batch =
  | { readonly ok: true; readonly payload: Buffer; readonly next: number; readonly hash: string }
  /** `short`: it says that it goes on behind the end of `bytes`. `changed`: its hash does not fit. `end`: there is nothing here. */
  | { readonly ok: false; readonly why: 'short' | 'changed' | 'end' }

/** The batch at `offset`, checked against the hash before it. */
export function readBatch(bytes: Buffer, offset: number, previous: string): Batch {
  if (offset === bytes.length) return { ok: false, why: 'end' }
  if (offset + LENGTH_BYTES > bytes.length) return { ok: false, why: 'short' }
  const length = bytes.readUInt32LE(offset)
  if (length === 0 || length > MAX_BATCH_BYTES) return { ok: false, why: 'changed' }
  const end = offset + LENGTH_BYTES + length
  if (end + HASH_BYTES > bytes.length) return { ok: false, why: 'short' }
  const hash = bytes.toString('latin1', end, end + HASH_BYTES)
  const chained = Buffer.allocUnsafe(HASH_BYTES + LENGTH_BYTES + length)
  chained.write(previous, 0, 'latin1')
  bytes.copy(chained, HASH_BYTES, offset, end)
  if (sha256(chained) !== hash) return { ok: false, why: 'changed' }
  return { ok: true, payload: bytes.subarray(offset + LENGTH_BYTES, end), next: end + HASH_BYTES, hash }
}
