import type { Catalog } from '../catalog/catalog.ts'
import type { StatementFacts } from '../statement/facts.ts'
import type { Carried } from '../verdict/carried.ts'
import { STATUS } from '../wire/codes.ts'
import type { Flow } from './flow.ts'
import type { Judge } from './judge.ts'
import type { Replies } from './replies.ts'
import { TransactionView } from './transaction-view.ts'
import type { JudgedHere } from './unit.ts'

const makesTable = (carried: readonly Carried[]): boolean => carried.some(({ target }) => target.kind === 'made')

/** ROLLBACK TO takes a change back. */
const undoes = (facts: StatementFacts): boolean => facts.transaction?.op === 'rollback-to'

export interface SchemaChangesOptions {
  readonly judge: Judge
  readonly refresh: () => Promise<void>
  readonly flow: Flow
  readonly replies: Replies
  /** Labels go where a statement carries their values. Throws when that cannot be stored. */
  readonly follow: (carried: readonly Carried[]) => void
  /** Labels that go by the name of a new table are bound to it. */
  readonly bind: (catalog: Catalog) => void
}

/** This session's own DDL: the catalog is read again before the next statement is judged, and once more when its transaction is over. */
export class SchemaChanges {
  private readonly o: SchemaChangesOptions
  private state: 'none' | 'sent' | 'open' | 'stale' = 'none'
  private justRead = false
  /** A table that was made with labelled values has not been seen yet: it is known by its name alone. */
  private unseen = false
  /** The catalog that all others saw when the open transaction was last looked into, since its last change. */
  private askedAt: Catalog | undefined
  private readonly view: TransactionView

  constructor(options: SchemaChangesOptions) {
    this.o = options
    this.view = new TransactionView(options.flow, options.replies)
  }

  /** A statement goes upstream. */
  onSent(judged: JudgedHere): void {
    const { carried } = judged.verdict
    if (carried !== undefined) {
      this.o.follow(carried)
      this.unseen ||= makesTable(carried)
    }
    const changes = judged.facts.some((facts) => facts.changesCatalog || (this.state !== 'none' && undoes(facts)))
    if (!changes) return
    this.state = 'sent'
    this.askedAt = undefined
    // What it saw is no longer so.
    this.o.judge.local = undefined
  }

  onReady(status: number): void {
    if (status === STATUS.idle) {
      this.o.judge.local = undefined
      this.unseen = false
    }
    if (this.state === 'sent' || (this.state === 'open' && status === STATUS.idle)) this.state = 'stale'
  }

  /** What this statement names may be there only for its own transaction, which can be looked into now and has not been yet. */
  wouldHelp(judged: JudgedHere): boolean {
    if (this.state !== 'open' || this.askedAt === this.o.judge.catalog || this.looked) return false
    const { replies, flow } = this.o
    if (replies.status !== STATUS.inTransaction || replies.owed.length > 0 || flow.skipping) return false
    return this.inDoubt(judged) || judged.facts.some((facts) => facts.unknown.length > 0 || (this.unseen && facts.changesCatalog))
  }

  /** Reads the catalog as the open transaction sees it; when that fails, all stays in doubt. */
  async look(): Promise<void> {
    const before = this.o.judge.catalog
    this.askedAt = before
    const catalog = await this.view.read()
    if (catalog === undefined) return
    this.o.bind(catalog)
    this.unseen = false
    this.o.judge.local = Object.freeze({ ...catalog, before })
  }

  /** Runs `next` on a catalog that has seen this session's changes. */
  settled(next: () => Promise<void> | undefined): Promise<void> | undefined {
    if (this.state === 'none' || this.state === 'open') return next()
    return this.settle().then(next)
  }

  private async settle(): Promise<void> {
    await this.o.flow.earlierBatches()
    // Nobody outside sees an open transaction's changes.
    if (this.o.replies.status === STATUS.idle) await this.o.refresh()
    if (this.state === 'stale') this.state = this.o.replies.status === STATUS.idle ? 'none' : 'open'
  }

  /**
   * True: these statements use tables or views as an open transaction, or an earlier statement of the same string, may have remade them.
   * Nobody outside sees that until it is committed, so what their columns hold cannot be told, unless that transaction has been looked into.
   */
  inDoubt(judged: JudgedHere): boolean {
    if (judged.policy.sensitive.length === 0) return false
    let changed = this.state === 'sent' || (this.state === 'open' && !this.looked)
    // It goes by its name until it has been seen: another name must wait for that.
    let named = this.unseen && !this.looked
    for (const facts of judged.facts) {
      if (named && facts.changesCatalog) return true
      named ||= facts.changesCatalog && facts.carries !== undefined && makesTable(judged.verdict.carried ?? [])
      // What is not known here may be what the transaction has made.
      if (changed && (facts.unknown.length > 0 || facts.relations.some((use) => use.verb === undefined))) return true
      changed ||= facts.changesCatalog
    }
    return false
  }

  /** Statements are judged by what the open transaction sees. */
  private get looked(): boolean {
    return this.o.judge.catalog.before !== undefined
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
