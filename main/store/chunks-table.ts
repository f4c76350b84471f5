import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Db } from './open-database.ts'

/** Consecutive events of one session, each followed by its hash. */
export interface Chunk {
  readonly session: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly body: Buffer
}

/** What a chunk holds, so that a place in a long session is found without reading it. */
export interface ChunkOutline {
  /** Of the first and the last event, milliseconds since the epoch. */
  readonly firstAt: number
  readonly lastAt: number
  readonly statements: number
  readonly held: number
  readonly denied: number
  /** The highest statement number so far in the session. */
  readonly lastStatement: number
}

interface ChunkRow {
  readonly first_seq: number
  readonly last_seq: number
  readonly packed: number
  readonly body: Buffer
}

const PACK_FROM_BYTES = 512
/** The fastest level: records repeat themselves so much that higher ones gain little. */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export function prepareChunks(db: Db): (chunk: Chunk & ChunkOutline) => void {
  const insert = db.prepare(
    `INSERT INTO chunks (session, first_seq, last_seq, first_at, last_at, statements, held, denied, last_statement, packed, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return ({ session, firstSeq, lastSeq, body, firstAt, lastAt, statements, held, denied, lastStatement }) => {
    const packed = body.length >= PACK_FROM_BYTES
    const stored = packed ? zstdCompressSync(body, PACKING) : body
    insert.run(session, firstSeq, lastSeq, firstAt, lastAt, statements, held, denied, lastStatement, packed ? 1 : 0, stored)
  }
}

/** The chunks of a session that hold events behind `after`, in order, read one at a time. */
export function* readChunks(db: Db, session: number, after: number): Generator<Chunk> {
  const next = db.prepare<[number, number], ChunkRow>(
    'SELECT first_seq, last_seq, packed, body FROM chunks WHERE session = ? AND first_seq > ? ORDER BY first_seq LIMIT 1',
  )
  const within = db.prepare<[number, number], ChunkRow>(
    'SELECT first_seq, last_seq, packed, body FROM chunks WHERE session = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1',
  )
  const first = within.get(session, after + 1)
  let row = first !== undefined && first.last_seq > after ? first : next.get(session, after)
  while (row !== undefined) {
    yield { session, firstSeq: row.first_seq, lastSeq: row.last_seq, body: row.packed === 1 ? zstdDecompressSync(row.body) : row.body }
    row = next.get(session, row.first_seq)
  }
}
