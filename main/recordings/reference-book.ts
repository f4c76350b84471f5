import type { Judged } from '../../proxy/ports.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import type { Verdict } from '../../proxy/verdict/decide.ts'
import { describeFacts } from './describe-facts.ts'
import { Kind } from './journal-format.ts'
import type { JournalWriter } from './journal-writer.ts'

/**
 * Writes each statement text, its facts and its verdict once in a segment, and gives their numbers afterwards. Numbers only go up, so a
 * number below the segment's first was defined in an earlier segment and is written again.
 */
export class ReferenceBook {
  readonly #journal: JournalWriter
  readonly #policyText: (version: string) => string | undefined
  /** Versions whose content stands in this segment. */
  readonly #policies = new Set<string>()
  readonly #judged = new WeakMap<Judged, number>()
  readonly #facts = new WeakMap<StatementFacts, number>()
  readonly #verdicts = new WeakMap<Verdict, number>()
  #last: Judged | undefined
  #lastRef = 0
  #next = 1
  #first = 1
  #segment = -1

  /** `policyText`: the canonical content of a policy's version, as far as it is known. */
  constructor(journal: JournalWriter, policyText: (version: string) => string | undefined) {
    this.#journal = journal
    this.#policyText = policyText
  }

  refOf(judged: Judged): number {
    if (this.#segment !== this.#journal.segment) {
      this.#segment = this.#journal.segment
      this.#first = this.#next
      this.#policies.clear()
    } else if (judged === this.#last) return this.#lastRef
    const known = this.#judged.get(judged)
    const ref = known !== undefined && known >= this.#first ? known : this.#define(judged)
    this.#last = judged
    this.#lastRef = ref
    return ref
  }

  #define(judged: Judged): number {
    const { buffer } = this.#journal
    this.#definePolicy(judged.verdict.policyVersion)
    const verdict = this.#once(this.#verdicts, Kind.verdict, judged.verdict, (value) => value)
    const facts = judged.facts.map((one) => this.#once(this.#facts, Kind.facts, one, describeFacts))
    const ref = this.#next++
    const { moved } = judged
    buffer.reserve(32 + facts.length * 4 + (moved?.length ?? 0) * 4 + judged.text.length)
    buffer.u8(moved === undefined ? Kind.judged : Kind.judgedMoved)
    buffer.u32(ref)
    buffer.u32(verdict)
    buffer.u16(facts.length)
    for (const one of facts) buffer.u32(one)
    if (moved !== undefined) {
      buffer.u16(moved.length)
      for (const one of moved) buffer.u32(one >>> 0)
    }
    buffer.u32(judged.text.length)
    buffer.copy(judged.text, 0, judged.text.length)
    this.#judged.set(judged, ref)
    return ref
  }

  #definePolicy(version: string): void {
    if (this.#policies.has(version)) return
    const text = this.#policyText(version)
    if (text === undefined) return
    this.#policies.add(version)
    const body = Buffer.from(text)
    const { buffer } = this.#journal
    buffer.reserve(16 + body.length)
    buffer.u8(Kind.policy)
    buffer.u32(body.length)
    buffer.copy(body, 0, body.length)
  }

  #once<T extends object>(seen: WeakMap<T, number>, kind: number, value: T, describe: (value: T) => unknown): number {
    const known = seen.get(value)
    if (known !== undefined && known >= this.#first) return known
    const ref = this.#next++
    const body = Buffer.from(JSON.stringify(describe(value)))
    const { buffer } = this.#journal
    buffer.reserve(16 + body.length)
    buffer.u8(kind)
    buffer.u32(ref)
    buffer.u32(body.length)
    buffer.copy(body, 0, body.length)
    seen.set(value, ref)
    return ref
  }
}
