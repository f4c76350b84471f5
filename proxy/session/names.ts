/** A name that changes hands when the server says so. */
export interface NameChange {
  /** The server did it. */
  confirm(): void
  /** The server did not. */
  drop(): void
}

/** `wait`: an earlier batch changes this name, and the server has not said whether it did. */
export type Lookup<T> = { readonly value: T } | 'missing' | 'wait'

/**
 * What names mean at the server: prepared statements, or portals and cursors (one namespace). A name changes hands only when the
 * server has confirmed it: after an error it skips to the next Sync, and an old name keeps its old meaning.
 */
export class Names<T> {
  private readonly confirmed = new Map<string, T>()
  private readonly pending = new Map<string, PendingChange<T>[]>()

  /**
   * What the name means for a message of this batch (a batch ends with Sync or Query). A change earlier in the same batch counts at
   * once: if the server refuses it, it skips the rest of the batch too.
   */
  lookup(name: string, batch: number): Lookup<T> {
    const last = this.pending.get(name)?.at(-1)
    if (last !== undefined) {
      if (last.batch !== batch) return 'wait'
      return last.value === undefined ? 'missing' : { value: last.value }
    }
    const value = this.confirmed.get(name)
    return value === undefined ? 'missing' : { value }
  }

  /** The message that changes the name has gone upstream. Undefined: the name goes. */
  change(name: string, value: T | undefined, batch: number): NameChange {
    const change: PendingChange<T> = { value, batch }
    const changes = this.pending.get(name)
    if (changes === undefined) this.pending.set(name, [change])
    else changes.push(change)
    return {
      confirm: () => {
        this.settle(name, change)
        if (value === undefined) this.confirmed.delete(name)
        else this.confirmed.set(name, value)
      },
      drop: () => this.settle(name, change),
    }
  }

  /** All names go at once (DEALLOCATE ALL, CLOSE ALL, DISCARD ALL); the unnamed statement stays, as at the server. */
  clear(): NameChange {
    return {
      confirm: () => {
        for (const name of this.confirmed.keys()) if (name !== '') this.confirmed.delete(name)
      },
      drop: () => undefined,
    }
  }

  /** Forgets confirmed names that `keep` does not hold on to: the end of a transaction, DISCARD. */
  forget(keep: (value: T) => boolean): void {
    for (const [name, value] of this.confirmed) if (!keep(value)) this.confirmed.delete(name)
  }

  get size(): number {
    return this.confirmed.size + this.pending.size
  }

  private settle(name: string, change: PendingChange<T>): void {
    const changes = this.pending.get(name)
    if (changes === undefined) return
    const at = changes.indexOf(change)
    if (at >= 0) changes.splice(at, 1)
    if (changes.length === 0) this.pending.delete(name)
  }
}

interface PendingChange<T> {
  readonly value: T | undefined
  readonly batch: number
}
