/** Idle lanes of everybody, so that one that is needed elsewhere can be given up: a person's seats on a connection are few. */
export class IdleBook {
  readonly #idle = new Map<string, Set<() => void>>()

  /** `giveUp` ends the lane and takes it out. */
  add(owner: string, giveUp: () => void): void {
    const theirs = this.#idle.get(owner) ?? new Set()
    theirs.add(giveUp)
    this.#idle.set(owner, theirs)
  }

  remove(owner: string, giveUp: () => void): void {
    const theirs = this.#idle.get(owner)
    theirs?.delete(giveUp)
    if (theirs?.size === 0) this.#idle.delete(owner)
  }

  /** Ends the one that has been idle longest. False: there is none. */
  giveUpOne(owner: string): boolean {
    const [oldest] = this.#idle.get(owner) ?? []
    if (oldest === undefined) return false
    oldest()
    return true
  }
}
