import { GatewayError } from '../../proxy/errors.ts'
import type { ApprovalRequest, Approvals, Clock, Log, PendingApproval, Policies } from '../../proxy/ports.ts'
import type { DecisionRequest } from '../contract/approvals.ts'
import { type ApprovalFilter, type ApprovalRow, prepareApprovals } from '../store/approvals-table.ts'
import type { Db } from '../store/open-database.ts'
import { prepareStanding } from '../store/standing-table.ts'
import { prepareVotes, type VoteRow } from '../store/votes-table.ts'
import { personJson } from './approval-detail.ts'
import { decidable } from './decidable.ts'
import { type DecideResult, type DeciderNow, decideApproval } from './decide-approval.ts'
import type { Decider } from './decider.ts'
import { createExpiry } from './expiry.ts'
import { type DecisionRefusal, refuseDecider } from './may-decide.ts'
import { openRequest } from './open-request.ts'
import type { StandingLimits } from './standing.ts'
import { createStandingDesk, type StandingDesk } from './standing-desk.ts'
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
  /** Closes a request that nobody has decided, because its agent was stopped. False: it was not pending any more. */
  withdraw(id: number): boolean
  isWaiting(id: number): boolean
  /** Who has agreed so far. */
  votes(id: number): VoteRow[]
  /** The most that a decision may give in advance; undefined: nothing. */
  standingLimits(): StandingLimits | undefined
  readonly standing: StandingDesk
  /** Stores what was found out about a request; whoever has it on screen is told. */
  putPreview(id: number, preview: string): void
  countPending(): number
  /** Called with each request that a client waits for, when it is new. */
  onAsked(listener: (row: ApprovalRow, request: ApprovalRequest) => void): void
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
  /** Undefined: nothing is approved in advance. */
  readonly standingLimits?: StandingLimits | undefined
  /** Left out: people are taken to be what they were. */
  readonly deciderNow?: DeciderNow
}

export function createApprovals(options: ApprovalDeskOptions): ApprovalDesk {
  const { db, policies, clock } = options
  const tables = { approvals: prepareApprovals(db), votes: prepareVotes(db), standing: prepareStanding(db) }
  const { approvals: table, votes } = tables
  const waiters = new Waiters()
  const listeners: ((id: number) => void)[] = []
  const askedListeners: ((row: ApprovalRow, request: ApprovalRequest) => void)[] = []
  const changed = (id: number): void => {
    for (const listener of listeners) listener(id)
  }
  const deciderNow: DeciderNow = options.deciderNow ?? ((who) => ({ ...who, roles: ['approver'], signInAt: undefined }))
  const standing = createStandingDesk({
    tables,
    policies,
    now: () => clock.now(),
    recentSignInMs: () => options.recentSignInMs,
    deciderNow,
    changed,
  })
  const expiry = createExpiry(table, clock, options.log, (ids) => ids.forEach(changed))
  const namesOf = (row: ApprovalRow): string => votes.of(row.id).map(giverOf).join(' and ')
  const outcome = (row: ApprovalRow) => outcomeOf(row, row.needed > 1 ? namesOf(row) : undefined, standing)

  const ask = (request: ApprovalRequest): PendingApproval => {
    const waitMs = request.verdict.rule?.waitMs ?? 0
    const now = clock.now()
    const row = stored(() =>
      table.transact(() => openRequest(tables, request, { now, waitMs, openAfterMs: OPEN_AFTER_MS, policies, standing })),
    )
    expiry.schedule()
    if (row.state === 'approved') {
      changed(row.id)
      return { number: row.id, waitMs: 0, decision: Promise.resolve(outcome(row)), leave: () => undefined }
    }
    const waiter = waiters.add(row.id, waitMs, () => {
      const late = table.read(row.id) ?? row
      changed(row.id)
      return { outcome: 'expired', approval: row.id, openUntil: late.open_until }
    })
    // Told only now: what listeners read must say that a client waits.
    changed(row.id)
    for (const listener of askedListeners) listener(row, request)
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
      const { recentSignInMs, standingLimits } = options
      const rules = { now: clock.now(), recentSignInMs, openAfterMs: OPEN_AFTER_MS, standingLimits, deciderNow }
      const result = table.transact(() => decideApproval(tables, id, request, who, rules))
      if (!result.ok) return result
      // One of several has agreed: the client waits on.
      if (result.row.state !== 'pending') waiters.settle(id, outcome(result.row))
      expiry.schedule()
      changed(id)
      return result
    },
    refuse: (row, who) => refuseDecider(decidable(row), who, clock.now(), options.recentSignInMs),
    withdraw: (id) => {
      const withdrawn = stored(() => table.withdraw(id))
      if (withdrawn) changed(id)
      return withdrawn
    },
    isWaiting: (id) => waiters.has(id),
    votes: (id) => votes.of(id),
    standingLimits: () => options.standingLimits,
    standing,
    putPreview: (id, preview) => {
      table.putPreview(id, preview)
      changed(id)
    },
    countPending: () => table.countPending(),
    onAsked: (listener) => {
      askedListeners.push(listener)
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
    close: () => {
      expiry.stop()
      waiters.stop()
    },
  }
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

function giverOf({ person }: VoteRow): string {
  return personJson.parse(JSON.parse(person)).name
}
