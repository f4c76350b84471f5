import type { CommandCompleteMessage, DataRowMessage, NoticeMessage, RowDescriptionMessage } from 'pg-protocol/dist/messages.js'
import type { Judged, SessionRecord, StatementEnd } from '../../proxy/ports.ts'
import { type JsonValue, typedValue } from './typed-value.ts'

/** Rows of one answer that are kept, and their bytes (of their text); what comes beyond is counted and let go. */
export const KEPT_ROWS = 5000
export const KEPT_BYTES = 4 * 1024 * 1024
const KEPT_NOTICES = 20

export interface Column {
  readonly name: string
  /** `pg_type.oid`. */
  readonly type: number
}

export interface Report {
  readonly severity: string
  readonly sqlstate: string
  readonly message: string
  readonly detail: string | undefined
  readonly hint: string | undefined
  /** In characters, from 1. */
  readonly position: number | undefined
}

type Answered = Parameters<SessionRecord['answered']>[1]

/** What became of one call: the last of its results, and what the gateway said of it. */
export interface Answer {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** All rows of that result, kept or not. */
  readonly rowCount: number
  /** There are more rows than are kept. */
  readonly cut: boolean
  /** Command tags, one for each statement that completed: `UPDATE 1`. */
  readonly tags: readonly string[]
  readonly error: Report | undefined
  readonly notices: readonly string[]
  /** A transaction was left open; it has been rolled back. */
  readonly leftOpen: boolean
  /** As the gateway judged it; undefined where it never came so far. */
  readonly judged: Judged | undefined
  /** Its place in the recording. */
  readonly session: string
  readonly statement: number | undefined
  readonly approval: number | undefined
  readonly decision: Answered | undefined
  readonly end: StatementEnd | undefined
  /** About what it takes in memory. */
  readonly bytes: number
}

/** Gathers an answer as its messages come. Memory is bounded whatever the server sends. */
export class Collector {
  judged: Judged | undefined
  statement: number | undefined
  approval: number | undefined
  decision: Answered | undefined
  end: StatementEnd | undefined
  suspended = false
  #columns: Column[] = []
  #rows: JsonValue[][] = []
  #count = 0
  #bytes = 0
  #tags: string[] = []
  #error: Report | undefined
  #notices: string[] = []

  describe({ fields }: RowDescriptionMessage): void {
    this.#columns = fields.map((field) => ({ name: field.name, type: field.dataTypeID }))
    this.#rows = []
    this.#count = 0
    this.#bytes = 0
  }

  row({ fields, length }: DataRowMessage): void {
    this.#count++
    if (this.#rows.length >= KEPT_ROWS || this.#bytes + length > KEPT_BYTES) return
    this.#bytes += length
    this.#rows.push((fields as (string | null)[]).map((text, i) => typedValue(text, this.#columns[i]?.type ?? 0)))
  }

  complete({ text }: CommandCompleteMessage): void {
    if (this.#tags.length < 100) this.#tags.push(text)
  }

  notice({ severity, message }: NoticeMessage): void {
    if (this.#notices.length < KEPT_NOTICES) this.#notices.push(`${severity ?? 'NOTICE'}: ${(message ?? '').slice(0, 1000)}`)
  }

  fail(error: Report): void {
    this.#error ??= error
  }

  finish(session: string, leftOpen: boolean): Answer {
    return {
      columns: this.#columns,
      rows: this.#rows,
      rowCount: this.#count,
      cut: this.suspended || this.#count > this.#rows.length,
      tags: this.#tags,
      error: this.#error,
      notices: this.#notices,
      leftOpen,
      judged: this.judged,
      session,
      statement: this.statement,
      approval: this.approval,
      decision: this.decision,
      end: this.end,
      bytes: this.#bytes * 2 + 4096,
    }
  }
}
