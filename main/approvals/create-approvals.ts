import { GatewayError } from '../../proxy/errors.ts'
import type { ApprovalRequest, Approvals, Clock, Log, PendingApproval, Policies } from '../../proxy/ports.ts'
import type { DecisionRequest } from '../contract/approvals.ts'
import { type ApprovalFilter, type ApprovalRow, type ApprovalsTable, prepareApprovals } from '../store/approvals-table.ts'
import type { Db } from '../store/open-database.ts'
import { decidable } from './decidable.ts'
import { type DecideResult, decideApproval } from './decide-approval.ts'
import type { Decider } from './decider.ts'
import { describeRequest } from './describe-request.ts'
import { createExpiry } from './expiry.ts'
import { labelColumns } from './label-columns.ts'
import { type DecisionRefusal, refuseDecider } from './may-decide.ts'
import { outcomeOf, Waiters } from './waiters.ts'

/** After the client's wait, and after an approval, a request can still be used for this long: agents time out, and come back. */
export const OPEN_AFTER_MS = 15 * 60_000

/** The requests for approval: the port that the data path asks, and what the API reads and decides. */
export interface ApprovalDesk extends Approvals {
  read(id: number): ApprovalRow | undefined
  list(filter: ApprovalFilter): ApprovalRow[]
  /** In one transaction; the waiting clients hear of it at once. */
  decide(id: number, request: DecisionRequest, who: Decider): DecideResult
  /** Why this person may not decide this request; undefined when they may. */
  refuse(row: ApprovalRow, who: Decider): DecisionRefusal | undefined
  isWaiting(id: number): boolean
  countPending(): number
  /** Called with the id after every change has been stored. */
  onChange(listener: (id: number) => void): void
  /** Stops the timers. Requests stay as they are and are found again after a restart. */
  close(): void
}

export interface ApprovalDeskOptions {
  readonly db: Db
  readonly policies: Policies
  readonly clock: Clock
  readonly log: Log
  /** Read at each use. */
  readonly recentSignInMs: number
}

export function createApprovals(options: ApprovalDeskOptions): ApprovalDesk {
  const { db, policies, clock } = options
  const table = prepareApprovals(db)
  const waiters = new Waiters()
  const listeners: ((id: number) => void)[] = []
  const changed = (id: number): void => {
    for (const listener of listeners) listener(id)
  }
  const expiry = createExpiry(table, clock, options.log, (ids) => ids.forEach(changed))

  const ask = (request: ApprovalRequest): PendingApproval => {
    const waitMs = request.verdict.rule?.waitMs ?? 0
    const row = stored(() => open(table, request, waitMs, clock.now(), policies))
    expiry.schedule()
    if (row.state === 'approved') {
      changed(row.id)
      return { number: row.id, waitMs: 0, decision: Promise.resolve(outcomeOf(row)), leave: () => undefined }
    }
    const waiter = waiters.add(row.id, waitMs, () => {
      const now = table.read(row.id) ?? row
      changed(row.id)
      return { outcome: 'expired', approval: row.id, openUntil: now.open_until }
    })
    // Told only now: what listeners read must say that a client waits.
    changed(row.id)
    const leave = (withdraw: boolean): void => {
      if (!waiter.leave()) return
      if (withdraw && !waiters.has(row.id)) stored(() => table.withdraw(row.id))
      changed(row.id)
    }
    return { number: row.id, waitMs, decision: waiter.decision, leave }
  }

  return {
    ask,
    use: (id) => {
      const used = stored(() => table.use(id, clock.now()))
      if (used) changed(id)
      return used
    },
    read: (id) => table.read(id),
    list: (filter) => table.list(filter),
    decide: (id, request, who) => {
      const result = table.transact(() => decideApproval(table, id, request, who, clock.now(), options.recentSignInMs, OPEN_AFTER_MS))
      if (!result.ok) return result
      waiters.settle(id, outcomeOf(result.row))
      expiry.schedule()
      changed(id)
      return result
    },
    refuse: (row, who) => refuseDecider(decidable(row), who, clock.now(), options.recentSignInMs),
    isWaiting: (id) => waiters.has(id),
    countPending: () => table.countPending(),
    onChange: (listener) => {
      listeners.push(listener)
    },
    close: () => {
      expiry.stop()
      waiters.stop()
    },
  }
}

/** Finds the open request for the very same statement of the same person, or makes one. */
function open(table: ApprovalsTable, request: ApprovalRequest, waitMs: number, now: number, policies: Policies): ApprovalRow {
  const { who, key } = request
  return table.transact(() => {
    const found = table.findOpen(key, now)
    if (found !== undefined && found.issuer === who.issuer && found.subject === who.subject && found.connection === request.connection) {
      if (found.state === 'pending') {
        const { session, statement } = request
        table.askAgain({ id: found.id, session, statement, waitUntil: now + waitMs, openUntil: now + waitMs + OPEN_AFTER_MS })
      }
      return table.read(found.id) ?? found
    }
    const detail = describeRequest(request, labelColumns(policies.current(request.connection)))
    const id = table.insert({
      key,
      issuer: who.issuer,
      subject: who.subject,
      connection: request.connection,
      session: request.session,
      statement: request.statement,
      detail: JSON.stringify(detail),
      askedAt: now,
      waitUntil: now + waitMs,
      openUntil: now + waitMs + OPEN_AFTER_MS,
      maxRows: request.verdict.rule?.maxRows ?? null,
    })
    const row = table.read(id)
    if (row === undefined) throw new Error(`approval ${id} was stored and is not there`)
    return row
  })
}

/** Runs something on the store; a store that cannot is the same to the client as a record that cannot be written. */
function stored<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new GatewayError(
      {
        code: 'recorder',
        sqlstate: '58030',
        message: 'the request for approval cannot be stored, so the statement does not run',
        hint: 'Try again later; whoever runs this Sallyport host sees the reason on its pages.',
      },
      { cause },
    )
  }
}
