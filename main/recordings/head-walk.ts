import type { Head } from './evidence-documents.ts'
import { toHex } from './hash.ts'
import type { RecordingFault } from './verify-recordings.ts'

/** Holds the signed heads against the journal while it is read forward. */
export class HeadWalk {
  /** Segments up to this number were removed, and with them what the heads of that time say. */
  readonly removedThrough: number
  readonly #heads: readonly Head[]
  #next = 0

  constructor(heads: readonly Head[], removedThrough: number) {
    this.removedThrough = removedThrough
    this.#heads = heads.filter((head) => head.segment > removedThrough)
  }

  /** The journal has this hash before this byte. */
  at(segment: number, offset: number, hash: string): RecordingFault | undefined {
    for (let head = this.#heads[this.#next]; head !== undefined; head = this.#heads[this.#next]) {
      if (head.segment > segment || (head.segment === segment && head.offset > offset)) return undefined
      if (head.segment !== segment || head.offset !== offset || head.hash !== toHex(hash)) {
        return this.#fault(head, 'the journal has something else there')
      }
      this.#next += 1
    }
    return undefined
  }

  /** The journal ends here. */
  finish(): RecordingFault | undefined {
    const head = this.#heads[this.#next]
    return head === undefined ? undefined : this.#fault(head, 'the journal ends before: its end was cut off')
  }

  #fault(head: Head, what: string): RecordingFault {
    const when = new Date(head.at).toISOString()
    const text = `Signed head ${head.number} (${when}) says that the journal goes on to segment ${head.segment}, byte ${head.offset}; ${what}.`
    return { where: 'journal', session: undefined, seq: undefined, text }
  }
}
