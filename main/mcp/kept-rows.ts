import { randomBytes } from 'node:crypto'
import type { Answer } from './answer.ts'
import { isSame, type Owner } from './runs.ts'

const KEPT_MS = 10 * 60_000
const KEPT_BYTES = 64 * 1024 * 1024
const PER_PERSON_BYTES = 16 * 1024 * 1024

interface Kept {
  readonly owner: Owner
  readonly connection: string
  readonly answer: Answer
  readonly offset: number
  readonly at: number
}

/** Where an answer goes on. A cursor is only for whom it was given to, and only for a while. */
export class KeptRows {
  readonly #kept = new Map<string, Kept>()

  keep(owner: Owner, connection: string, answer: Answer, offset: number): string {
    const cursor = randomBytes(18).toString('base64url')
    this.#kept.set(cursor, { owner, connection, answer, offset, at: Date.now() })
    this.#prune()
    return cursor
  }

  find(cursor: string, owner: Owner): Omit<Kept, 'owner' | 'at'> | undefined {
    const kept = this.#kept.get(cursor)
    return kept !== undefined && isSame(kept.owner, owner) && Date.now() - kept.at < KEPT_MS ? kept : undefined
  }

  clear(): void {
    this.#kept.clear()
  }

  /** Newest first until there is no room. Several cursors into one answer take its room once. */
  #prune(): void {
    const seen = new Set<Answer>()
    const perPerson = new Map<string, number>()
    let all = 0
    for (const [cursor, { owner, answer, at }] of [...this.#kept].reverse()) {
      const person = `${owner.issuer}\0${owner.subject}`
      const bytes = seen.has(answer) ? 0 : answer.bytes
      seen.add(answer)
      const theirs = (perPerson.get(person) ?? 0) + bytes
      perPerson.set(person, theirs)
      all += bytes
      if (all > KEPT_BYTES || theirs > PER_PERSON_BYTES || Date.now() - at >= KEPT_MS) this.#kept.delete(cursor)
    }
  }
}
