import { GatewayError } from '../errors.ts'
import type { Budget, Clock, Identity, Upstream } from '../ports.ts'

const MINUTE_MS = 60_000
const MINUTES = 60
/** With more people than this, those who had nothing for an hour are forgotten. */
const SWEPT_AT = 1000

const KINDS = ['statements', 'rows', 'bytes'] as const
export type BudgetKind = (typeof KINDS)[number]

/** What is left of one kind within the hour that ends now. */
export interface BudgetLeft {
  readonly kind: BudgetKind
  readonly limit: number
  readonly left: number
  /** When some of it comes back, ms since the epoch; undefined while none was spent. */
  readonly moreAt: number | undefined
}

/** What one identity had on one connection in each of the last 60 minutes. Rows are counted one by one: no call allocates. */
export class Spending {
  private readonly connection: string
  private readonly clock: Clock
  private limits: Budget
  private readonly minutes = KINDS.map(() => new Float64Array(MINUTES))
  private readonly sums = new Float64Array(KINDS.length)
  private minute: number
  private sessions = 0

  constructor(connection: string, limits: Budget, clock: Clock) {
    this.connection = connection
    this.limits = limits
    this.clock = clock
    this.minute = Math.floor(clock.now() / MINUTE_MS)
  }

  /** The limits in force: they may have been changed. */
  set budget(limits: Budget) {
    this.limits = limits
  }

  /** A session begins that spends from it. */
  enter(): void {
    this.sessions++
  }

  leave(): void {
    this.sessions--
  }

  /** Nobody would miss it. */
  get idle(): boolean {
    this.turn()
    return this.sessions === 0 && this.sums.every((sum) => sum === 0)
  }

  /** Whether anything more may be asked for. */
  some(): boolean {
    this.turn()
    return this.spent() === undefined
  }

  /** Counts the statements of a text. False: there are fewer left, or no rows or bytes left that they could give. */
  statement(count = 1): boolean {
    if (!this.some() || (this.sums[0] as number) + count > (this.limits.statements ?? Number.POSITIVE_INFINITY)) return false
    this.add(0, count)
    return true
  }

  /** Counts a row of so many bytes. False: it is one too many, and is not counted. */
  row(size: number): boolean {
    const { rows, bytes } = this.limits
    if (rows !== undefined && (this.sums[1] as number) >= rows) return false
    if (bytes !== undefined && (this.sums[2] as number) + size > bytes) return false
    this.add(1, 1)
    this.add(2, size)
    return true
  }

  left(): BudgetLeft[] {
    this.turn()
    return KINDS.flatMap((kind, i) => {
      const limit = this.limits[kind]
      if (limit === undefined) return []
      return [{ kind, limit, left: Math.max(0, limit - (this.sums[i] as number)), moreAt: this.moreAt(i) }]
    })
  }

  /** 53400 (configuration_limit_exceeded), with what is left and when more comes back. */
  refusal(): GatewayError {
    const all = this.left()
    const spent = all.find((one) => one.left === 0) ?? all.find((one) => one.kind === 'bytes')
    const others = all.filter((one) => one !== spent).map(({ kind, left, limit }) => `${left} of ${limit} ${kind}`)
    const more = spent?.moreAt
    return new GatewayError({
      code: 'limit',
      sqlstate: '53400',
      message: `the budget of ${spent?.limit ?? 0} ${spent?.kind ?? 'statements'} an hour on "${this.connection}" is spent (limits.budget)`,
      detail: others.length === 0 ? 'Nothing else is limited by the hour here.' : `Left of the rest: ${others.join(', ')}.`,
      hint: `${more === undefined ? '' : `Some of it comes back at ${new Date(more).toISOString()}; wait until then. `}Ask for less: aggregate in the database, name the columns you need, and add a LIMIT.`,
    })
  }

  private spent(): BudgetKind | undefined {
    return KINDS.find((kind, i) => (this.sums[i] as number) >= (this.limits[kind] ?? Number.POSITIVE_INFINITY))
  }

  private add(kind: number, amount: number): void {
    const minutes = this.minutes[kind] as Float64Array
    const at = this.minute % MINUTES
    minutes[at] = (minutes[at] as number) + amount
    this.sums[kind] = (this.sums[kind] as number) + amount
  }

  /** Lets go of what is an hour ago. */
  private turn(): void {
    const now = Math.floor(this.clock.now() / MINUTE_MS)
    // A clock that was set back must not give anything back.
    if (now <= this.minute) return
    const passed = Math.min(MINUTES, now - this.minute)
    for (const [kind, minutes] of this.minutes.entries()) {
      for (let i = 1; i <= passed; i++) {
        const at = (this.minute + i) % MINUTES
        this.sums[kind] = (this.sums[kind] as number) - (minutes[at] as number)
        minutes[at] = 0
      }
    }
    this.minute = now
  }

  private moreAt(kind: number): number | undefined {
    const minutes = this.minutes[kind] as Float64Array
    for (let i = 1; i <= MINUTES; i++) {
      if ((minutes[(this.minute + i) % MINUTES] as number) > 0) return (this.minute + i) * MINUTE_MS
    }
    return undefined
  }
}

/** Everybody's spending. Lives in memory: a restart begins a new hour. */
export class Budgets {
  private readonly clock: Clock
  private readonly all = new Map<string, Spending>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Undefined where the connection has no budget. The same object for the same identity and connection, in all of its sessions. */
  of({ connection, limits: { budget } }: Upstream, who: Pick<Identity, 'issuer' | 'subject'>): Spending | undefined {
    if (budget === undefined) return undefined
    const key = `${connection}\0${who.issuer}\0${who.subject}`
    let spending = this.all.get(key)
    if (spending === undefined) {
      if (this.all.size >= SWEPT_AT) this.sweep()
      spending = new Spending(connection, budget, this.clock)
      this.all.set(key, spending)
    }
    spending.budget = budget
    return spending
  }

  private sweep(): void {
    for (const [key, spending] of this.all) if (spending.idle) this.all.delete(key)
  }
}
