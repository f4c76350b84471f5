/**
 * The journal on disk. A segment `NNNNNN.sjl` is a header and then batches, all numbers little-endian:
 *
 *     header   "SALLYPJ1" | u32 segment number | f64 time (ms) | 32 bytes: hash of the last batch before this segment | 32 bytes: hash
 *     batch    u32 length | payload | 32 bytes: hash
 *
 * The header's hash is SHA-256 over all that stands before it. A batch's hash is SHA-256 over (the hash before it, length, payload), so
 * that it serves as chain and as checksum at once: a batch whose hash does not fit was torn or changed. One batch is one write.
 * A payload is a row of records; see `Kind`. References (`ref`) are defined once in each segment before they are used.
 */
export const MAGIC = 'SALLYPJ1'
export const HASH_BYTES = 32
export const HEADER_BYTES = 8 + 4 + 8 + HASH_BYTES + HASH_BYTES
export const LENGTH_BYTES = 4
/** No batch is longer: a length above it is not ours. */
export const MAX_BATCH_BYTES = 0x4000_0000
/** The hash before the first segment. */
export const GENESIS = '\0'.repeat(HASH_BYTES)

export const Kind = {
  /** u32 ref, u8 continued, u32 length, JSON of the opening. `continued` repeats a session that began in an earlier segment. */
  session: 1,
  /** u32 ref, u32 length, JSON (see `describe-facts.ts`). */
  facts: 2,
  /** u32 ref, u32 length, JSON of the verdict. */
  verdict: 3,
  /** u32 ref, u32 verdict ref, u16 count, u32 facts ref each, u32 length, text. */
  judged: 4,
  /** u32 session, u32 statement, f64 time, u32 judged ref, u32 length of bind + 1 (0: none), bind. */
  statement: 5,
  /** u32 session, u32 statement, f64 time, u32 approval. */
  asked: 6,
  /** u32 session, u32 statement, f64 time, u32 length, JSON. */
  answered: 7,
  /** u32 session, u32 statement, f64 time. */
  sent: 8,
  /** u32 session, u32 statement, f64 time, u8 cut, u32 length, frames. */
  rows: 9,
  /** u32 session, u32 statement, f64 time, f64 rows, f64 bytes, f64 ms, u8 length, SQLSTATE, u16 length, tag, u32 length, masked names as JSON. */
  finished: 10,
  /** u32 session, f64 time, u32 length, text. */
  note: 11,
  /** u32 session, f64 time, u32 length, text. */
  closed: 12,
  /** u32 length, canonical JSON of a policy, before the first verdict in the segment that names its version. */
  policy: 14,
  /** As `judged`, of facts read from a text alike: before the length stand u16 count and the pairs of `Judged.moved`, i32 each. */
  judgedMoved: 13,
  /** u32 session, f64 time, u32 length, JSON: an administrative act, in a record of the host's own. */
  act: 15,
  /** u32 session, u32 statement, f64 time, u32 length, JSON list of tables with outsiders' text that it is the first to read. */
  untrusted: 16,
} as const

export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.sjl`
}

export function segmentNumber(name: string): number | undefined {
  const match = /^(\d{6,})\.sjl$/.exec(name)
  return match ? Number(match[1]) : undefined
}
