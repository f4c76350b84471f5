import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Position } from '../store/position-table.ts'
import { StoreError } from '../store/store-error.ts'
import { GENESIS, HASH_BYTES, HEADER_BYTES, LENGTH_BYTES, segmentName, segmentNumber } from './journal-format.ts'
import { readBatch, readHeader } from './journal-reader.ts'

export interface Recovered {
  readonly nextSegment: number
  /** Hash of the last batch, which the next segment continues. */
  readonly head: string
  /** Bytes of a torn last write that were cut off. They were never committed, so nothing they hold went upstream. */
  readonly cutBytes: number
  /** Segments that were taken in once and are not there any more, as a sentence. */
  readonly missing: string | undefined
}

/** The numbers of the segments there are, ascending. */
export function listSegments(directory: string): number[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .flatMap((name) => segmentNumber(name) ?? [])
    .sort((a, b) => a - b)
}

/**
 * Finds the journal's end after any kind of stop. A torn last write is cut off, and kept beside the segment as `….torn`: it was never
 * committed, so nothing in it went upstream. What stands before `absorbed` was whole when the search database took it in, so there a
 * batch that does not fit was changed: that, and one with others behind it, is evidence and is not touched. Where the file that was taken in last
 * is gone, the record goes on behind it, from the hash that was taken in: the gap shows in `verify`. Throws `StoreError` (`journal-damaged`).
 */
export function recoverJournal(directory: string, absorbed: Pick<Position, 'segment' | 'offset'> & Partial<Position>): Recovered {
  const segments = listSegments(directory)
  let cutBytes = 0
  for (let last = segments.pop(); last !== undefined; last = segments.pop()) {
    if (last < absorbed.segment) break
    const file = join(directory, segmentName(last))
    const bytes = readFileSync(file)
    const header = readHeader(bytes)
    const reached = absorbed.segment === last ? absorbed.offset : 0
    if (header === undefined) {
      if (bytes.length > HEADER_BYTES || reached > 0) throw damaged(file, 0)
      // The process died between making the file and writing its first bytes.
      cutBytes += bytes.length
      rmSync(file)
      continue
    }
    const end = findEnd(bytes, header.hash)
    if (end.torn) {
      if (end.offset < reached || !isTornTail(bytes, end.offset)) throw damaged(file, end.offset)
      writeFileSync(`${file}.torn`, bytes.subarray(end.offset), { mode: 0o600 })
      truncateSync(file, end.offset)
      cutBytes += bytes.length - end.offset
    } else if (end.offset < reached) throw damaged(file, end.offset)
    return { nextSegment: last + 1, head: end.head, cutBytes, missing: undefined }
  }
  if (absorbed.segment === 0) return { nextSegment: 1, head: GENESIS, cutBytes, missing: undefined }
  const missing = `Journal file ${segmentName(absorbed.segment)} was removed while the host was stopped. The record goes on in ${segmentName(absorbed.segment + 1)}.`
  return { nextSegment: absorbed.segment + 1, head: absorbed.hash?.toString('latin1') ?? GENESIS, cutBytes, missing }
}

function findEnd(bytes: Buffer, first: string): { offset: number; head: string; torn: boolean } {
  let offset = HEADER_BYTES
  let head = first
  for (;;) {
    const batch = readBatch(bytes, offset, head)
    if (!batch.ok) return { offset, head, torn: batch.why !== 'end' }
    offset = batch.next
    head = batch.hash
  }
}

/** Torn: it runs out of the file, ends exactly with it, or the file system kept only zeros. Changed: others stand behind it. */
function isTornTail(bytes: Buffer, offset: number): boolean {
  if (offset + LENGTH_BYTES > bytes.length) return true
  const length = bytes.readUInt32LE(offset)
  if (length === 0) return bytes.subarray(offset).every((byte) => byte === 0)
  return offset + LENGTH_BYTES + length + HASH_BYTES >= bytes.length
}

function damaged(file: string, offset: number): StoreError {
  return new StoreError(
    'journal-damaged',
    `The record ${file} does not fit together at byte ${offset}: it was changed, or the disk is failing. Nothing was touched. "sallyport verify" names the first event concerned; to go on, start with another data directory and keep this one as evidence.`,
  )
}
