/** Something changed. What it is now is read when it is sent, for each listener as they may see it. */
export type Change =
  | { readonly kind: 'approval'; readonly id: number }
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'agents' }
  | { readonly kind: 'configuration' }

export interface Numbered {
  readonly number: number
  readonly change: Change
}

const KEPT = 1000

/** Numbers the changes and passes them on. Keeps the last of them, so that a listener who was away for a moment misses nothing. */
export class StreamHub {
  /** Tells numbers of this process from those of another. */
  readonly era: string
  readonly #kept: Numbered[] = []
  readonly #listeners = new Set<(numbered: Numbered) => void>()
  #last = 0

  constructor(era: string) {
    this.era = era
  }

  get last(): number {
    return this.#last
  }

  tell(change: Change): void {
    this.#last += 1
    const numbered = { number: this.#last, change }
    this.#kept.push(numbered)
    if (this.#kept.length > KEPT) this.#kept.shift()
    for (const listener of this.#listeners) listener(numbered)
  }

  /** The changes behind `number`, one for each thing that changed; undefined when they are not all kept any more. */
  since(number: number): Numbered[] | undefined {
    if (number > this.#last || number < this.#last - this.#kept.length) return undefined
    const missed = this.#kept.filter((one) => one.number > number)
    return [...new Map(missed.map((one) => [keyOf(one.change), one])).values()]
  }

  listen(listener: (numbered: Numbered) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  get listeners(): number {
    return this.#listeners.size
  }
}

function keyOf(change: Change): string {
  return 'id' in change ? `${change.kind} ${change.id}` : change.kind
}
