/**
 * What a name means at a server: prepared statements, or portals and cursors (one namespace). A name changes hands only when the
 * server has confirmed it: after an error it skips to the next Sync, and an old name keeps its old meaning.
 */
export interface NameChange<T> {
  readonly names: Names<T>
  readonly name: string
  /** Undefined: the name goes. */
  readonly value: T | undefined
  readonly batch: number
}

/** `wait`: an earlier batch changes this name, and the server has not said whether it did. */
export type Lookup<T> = { readonly value: T } | 'missing' | 'wait'

export class Names<T> {
  private readonly confirmed = new Map<string, T>()
  private readonly pending = new Map<string, NameChange<T>[]>()

  /**
   * What the name means for a message of this batch (a batch ends with Sync or Query). A change earlier in the same batch counts at
   * once: if the server refuses it, it skips the rest of the batch too.
   */
  lookup(name: string, batch: number): Lookup<T> {
    const changes = this.pending.get(name)
    const last = changes?.at(-1)
    if (last !== undefined) {
      if (last.batch !== batch) return 'wait'
      return last.value === undefined ? 'missing' : { value: last.value }
    }
    const value = this.confirmed.get(name)
    return value === undefined ? 'missing' : { value }
  }

  /** The message that changes the name has gone upstream. */
  change(name: string, value: T | undefined, batch: number): NameChange<T> {
    const change = { names: this, name, value, batch }
    const changes = this.pending.get(name)
    if (changes === undefined) this.pending.set(name, [change])
    else changes.push(change)
    return change
  }

  /** The server did it. */
  confirm(change: NameChange<T>): void {
    this.drop(change)
    if (change.value === undefined) this.confirmed.delete(change.name)
    else this.confirmed.set(change.name, change.value)
  }

  /** The server did not. */
  drop(change: NameChange<T>): void {
    const changes = this.pending.get(change.name)
    if (changes === undefined) return
    const at = changes.indexOf(change)
    if (at >= 0) changes.splice(at, 1)
    if (changes.length === 0) this.pending.delete(change.name)
  }

  /** Forgets confirmed names that `keep` does not hold on to: the end of a transaction, DISCARD. */
  forget(keep: (value: T) => boolean): void {
    for (const [name, value] of this.confirmed) if (!keep(value)) this.confirmed.delete(name)
  }

  get size(): number {
    return this.confirmed.size + this.pending.size
  }
}
