import { STATUS } from '../wire/codes.ts'
import type { Flow } from './flow.ts'
import type { Judge } from './judge.ts'
import type { Replies } from './replies.ts'
import type { JudgedHere } from './unit.ts'

export interface SchemaChangesOptions {
  readonly judge: Judge
  readonly refresh: () => Promise<void>
  readonly flow: Flow
  readonly replies: Replies
}

/** This session's own DDL: the catalog is read again before the next statement is judged, and once more when its transaction is over. */
export class SchemaChanges {
  private readonly o: SchemaChangesOptions
  private state: 'none' | 'sent' | 'open' | 'stale' = 'none'
  private justRead = false

  constructor(options: SchemaChangesOptions) {
    this.o = options
  }

  /** A statement goes upstream. */
  onSent(judged: JudgedHere): void {
    if (judged.facts.some((facts) => facts.changesCatalog)) this.state = 'sent'
  }

  onReady(status: number): void {
    if (this.state === 'sent' || (this.state === 'open' && status === STATUS.idle)) this.state = 'stale'
  }

  /** Runs `next` on a catalog that has seen this session's changes. */
  settled(next: () => Promise<void> | undefined): Promise<void> | undefined {
    if (this.state === 'none' || this.state === 'open') return next()
    return this.settle().then(next)
  }

  private async settle(): Promise<void> {
    await this.o.flow.earlierBatches()
    if (this.state === 'stale') this.state = this.o.replies.status === STATUS.idle ? 'none' : 'open'
    await this.o.refresh()
  }

  /**
   * True: these statements use tables or views as an open transaction, or an earlier statement of the same string, may have remade them.
   * Nobody outside sees that until it is committed, so what their columns hold cannot be told.
   */
  inDoubt(judged: JudgedHere): boolean {
    if (judged.policy.sensitive.length === 0) return false
    let changed = this.state === 'open' || this.state === 'sent'
    for (const facts of judged.facts) {
      if (changed && facts.relations.some((use) => use.verb === undefined)) return true
      changed ||= facts.changesCatalog
    }
    return false
  }

  /** False: a table that was made behind our back; `reread` before its rows pass. */
  knows(oid: number): boolean {
    return this.justRead || this.o.judge.catalog.relation(oid) !== undefined
  }

  async reread(): Promise<void> {
    await this.o.refresh()
    this.justRead = true
    setImmediate(() => {
      this.justRead = false
    })
  }
}
