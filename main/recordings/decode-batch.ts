import { Kind } from './journal-format.ts'

interface At {
  readonly session: number
  readonly at: number
}
interface AtStatement extends At {
  readonly statement: number
}

/** One record of the journal. Buffers are views of the segment. */
export type JournalRecord =
  | { readonly kind: 'session'; readonly ref: number; readonly continued: boolean; readonly opening: Buffer }
  | { readonly kind: 'facts' | 'verdict'; readonly ref: number; readonly body: Buffer }
  | {
      readonly kind: 'judged'
      readonly ref: number
      readonly verdict: number
      readonly facts: readonly number[]
      readonly moved: readonly number[] | undefined
      readonly text: Buffer
    }
  | ({ readonly kind: 'statement'; readonly judged: number; readonly bind: Buffer | undefined } & AtStatement)
  | ({ readonly kind: 'asked'; readonly approval: number } & AtStatement)
  | ({ readonly kind: 'answered' | 'untrusted'; readonly body: Buffer } & AtStatement)
  | ({ readonly kind: 'sent' } & AtStatement)
  | ({ readonly kind: 'rows'; readonly cut: boolean; readonly frames: Buffer } & AtStatement)
  | ({
      readonly kind: 'finished'
      readonly rows: number
      readonly bytes: number
      readonly ms: number
      readonly sqlstate: string
      readonly tag: string
      /** JSON list, or empty. */
      readonly masked: Buffer
    } & AtStatement)
  | { readonly kind: 'policy'; readonly body: Buffer }
  | ({ readonly kind: 'note' | 'act' | 'closed'; readonly text: Buffer } & At)

/** Cuts a batch's payload into its records. Throws `RangeError` on anything that this version does not write. */
export function* decodeBatch(payload: Buffer): Generator<JournalRecord> {
  const cursor = new Cursor(payload)
  while (cursor.offset < payload.length) yield decodeRecord(cursor)
}

function decodeRecord(cursor: Cursor): JournalRecord {
  const kind = cursor.u8()
  switch (kind) {
    case Kind.session:
      return { kind: 'session', ref: cursor.u32(), continued: cursor.u8() === 1, opening: cursor.tail() }
    case Kind.facts:
      return { kind: 'facts', ref: cursor.u32(), body: cursor.tail() }
    case Kind.verdict:
      return { kind: 'verdict', ref: cursor.u32(), body: cursor.tail() }
    case Kind.judged:
    case Kind.judgedMoved: {
      const ref = cursor.u32()
      const verdict = cursor.u32()
      const facts = Array.from({ length: cursor.u16() }, () => cursor.u32())
      const moved = kind === Kind.judged ? undefined : Array.from({ length: cursor.u16() }, () => cursor.u32() | 0)
      return { kind: 'judged', ref, verdict, facts, moved, text: cursor.tail() }
    }
    case Kind.statement: {
      const at = cursor.atStatement()
      const judged = cursor.u32()
      const length = cursor.u32()
      return { kind: 'statement', ...at, judged, bind: length === 0 ? undefined : cursor.take(length - 1) }
    }
    case Kind.asked:
      return { kind: 'asked', ...cursor.atStatement(), approval: cursor.u32() }
    case Kind.answered:
      return { kind: 'answered', ...cursor.atStatement(), body: cursor.tail() }
    case Kind.untrusted:
      return { kind: 'untrusted', ...cursor.atStatement(), body: cursor.tail() }
    case Kind.sent:
      return { kind: 'sent', ...cursor.atStatement() }
    case Kind.rows:
      return { kind: 'rows', ...cursor.atStatement(), cut: cursor.u8() === 1, frames: cursor.tail() }
    case Kind.finished: {
      const at = cursor.atStatement()
      const [rows, bytes, ms] = [cursor.f64(), cursor.f64(), cursor.f64()]
      const sqlstate = cursor.take(cursor.u8()).toString('latin1')
      const tag = cursor.take(cursor.u16()).toString('latin1')
      return { kind: 'finished', ...at, rows, bytes, ms, sqlstate, tag, masked: cursor.tail() }
    }
    case Kind.note:
      return { kind: 'note', ...cursor.atSession(), text: cursor.tail() }
    case Kind.act:
      return { kind: 'act', ...cursor.atSession(), text: cursor.tail() }
    case Kind.closed:
      return { kind: 'closed', ...cursor.atSession(), text: cursor.tail() }
    case Kind.policy:
      return { kind: 'policy', body: cursor.tail() }
    default:
      throw new RangeError(`journal record of unknown kind ${kind}`)
  }
}

class Cursor {
  offset = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  u8(): number {
    const value = this.#bytes.readUInt8(this.offset)
    this.offset += 1
    return value
  }

  u16(): number {
    const value = this.#bytes.readUInt16LE(this.offset)
    this.offset += 2
    return value
  }

  u32(): number {
    const value = this.#bytes.readUInt32LE(this.offset)
    this.offset += 4
    return value
  }

  f64(): number {
    const value = this.#bytes.readDoubleLE(this.offset)
    this.offset += 8
    return value
  }

  take(length: number): Buffer {
    const end = this.offset + length
    if (end > this.#bytes.length) throw new RangeError('journal record runs out of its batch')
    const part = this.#bytes.subarray(this.offset, end)
    this.offset = end
    return part
  }

  /** A length and that many bytes. */
  tail(): Buffer {
    return this.take(this.u32())
  }

  atStatement(): AtStatement {
    return { session: this.u32(), statement: this.u32(), at: this.f64() }
  }

  atSession(): At {
    return { session: this.u32(), at: this.f64() }
  }
}
