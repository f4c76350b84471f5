import type { DecisionRequest } from '../contract/approvals.ts'
import { refusePasskey } from '../passkeys/refuse-passkey.ts'
import type { ApprovalRow, ApprovalsTable } from '../store/approvals-table.ts'
import type { StandingTable } from '../store/standing-table.ts'
import type { VoteRow, VotesTable } from '../store/votes-table.ts'
import { parseDetail, personJson } from './approval-detail.ts'
import { combineVotes } from './combine-votes.ts'
import { decidable } from './decidable.ts'
import type { Decider } from './decider.ts'
import { refuseDecider } from './may-decide.ts'
import { sameHuman } from './same-human.ts'
import { makeStanding, refuseStanding, type StandingLimits } from './standing.ts'

export type DecideProblem =
  | 'not-found'
  | 'not-yours'
  | 'sign-in-old'
  | 'decided'
  | 'over'
  | 'changed'
  | 'ceiling'
  | 'label'
  | 'standing'
  | 'voted'
  | 'passkey'

export type DecideResult =
  | { readonly ok: true; readonly row: ApprovalRow }
  | { readonly ok: false; readonly problem: DecideProblem; readonly text: string }

export interface DecideTables {
  readonly approvals: ApprovalsTable
  readonly votes: VotesTable
  readonly standing: StandingTable
}

/** Someone who agreed earlier, as they are now; undefined when they are nobody any more. */
export type DeciderNow = (who: Pick<Decider, 'issuer' | 'subject' | 'name' | 'kind' | 'groups'>) => Decider | undefined

export interface DecideRules {
  readonly now: number
  readonly recentSignInMs: number
  readonly openAfterMs: number
  /** Undefined: nothing is approved in advance here. */
  readonly standingLimits: StandingLimits | undefined
  readonly deciderNow: DeciderNow
}

/**
 * One decision, to be run inside a transaction: who decides is checked first, then whether there is still something to decide. One denial denies.
 * Where several have to agree the request stays pending until the last of them, and an agreement whose giver has lost the role by then is dropped.
 */
export function decideApproval(tables: DecideTables, id: number, request: DecisionRequest, who: Decider, rules: DecideRules): DecideResult {
  const { now } = rules
  const row = tables.approvals.read(id)
  if (row === undefined) return refuse('not-found', `There is no request #${id}.`)
  const refusal = refuseDecider(decidable(row), who, now, rules.recentSignInMs)
  if (refusal !== undefined) return refuse(refusal.kind === 'sign-in' ? 'sign-in-old' : 'not-yours', refusal.text)
  const problem = refuseState(row, now) ?? refuseRequest(row, request, rules)
  if (problem !== undefined) return problem
  const signed = { id, revision: row.revision, passkey: parseDetail(row.detail).passkey === true }
  const unsigned = refusePasskey(signed, request.decision, who.proved)
  if (unsigned !== undefined) return refuse('passkey', unsigned)
  if (request.decision === 'deny') {
    settle(tables, row, who, rules, {
      state: 'denied',
      reason: request.reason ?? '',
      reveal: false,
      revealLabels: null,
      maxRows: row.max_rows,
    })
    return { ok: true, row: tables.approvals.read(id) ?? row }
  }
  const before = dropLost(tables.votes, row, rules)
  if (before.some((vote) => isOf(vote, who)))
    return refuse('voted', `You have approved request #${id} already. Someone else has to agree too.`)
  vote(tables.votes, row, request, who, now)
  if (before.length + 1 < row.needed) tables.approvals.touch(id)
  else approve(tables, row, who, rules, request.reason ?? '')
  return { ok: true, row: tables.approvals.read(id) ?? row }
}

function refuseState(row: ApprovalRow, now: number): DecideResult | undefined {
  if (row.state !== 'pending')
    return refuse(row.state === 'approved' || row.state === 'denied' || row.state === 'used' ? 'decided' : 'over', tellState(row))
  if (row.open_until <= now) return refuse('over', `Request #${row.id} has expired. The agent can send the statement again.`)
  return undefined
}

function refuseRequest(row: ApprovalRow, request: DecisionRequest, { standingLimits }: DecideRules): DecideResult | undefined {
  if (request.revision !== undefined && request.revision !== row.revision)
    return refuse('changed', `Request #${row.id} has changed since you read it. Look at it again, then decide.`)
  if (request.maxRows !== undefined && row.max_rows !== null && request.maxRows > row.max_rows)
    return refuse('ceiling', `The rule lets ${row.max_rows} rows at most; a decision can only lower that.`)
  const { labels } = parseDetail(row.detail)
  const others = (request.revealLabels ?? []).filter((label) => !labels.includes(label))
  if (others.length > 0)
    return refuse('label', `The statement touches nothing with the label ${others.map((label) => `"${label}"`).join(' or ')}.`)
  const standing = refuseStanding(request, row, standingLimits)
  return standing === undefined ? undefined : refuse('standing', standing)
}

/** The agreements that still count. Each giver is asked about as of now, but for the age of their sign-in. */
function dropLost(votes: VotesTable, row: ApprovalRow, { now, recentSignInMs, deciderNow }: DecideRules): VoteRow[] {
  return votes.of(row.id).filter((vote) => {
    const giver = deciderNow({ ...personJson.parse(JSON.parse(vote.person)), groups: JSON.parse(vote.groups) })
    const stands = giver !== undefined && refuseDecider(decidable(row), { ...giver, signInAt: now }, now, recentSignInMs) === undefined
    if (!stands) votes.void(vote.id, now)
    return stands
  })
}

function isOf(vote: VoteRow, who: Decider): boolean {
  const { issuer, subject } = personJson.parse(JSON.parse(vote.person))
  return sameHuman({ issuer, subject, human: { email: vote.email, onBehalfOf: null } }, who) !== undefined
}

function vote(votes: VotesTable, row: ApprovalRow, request: DecisionRequest, who: Decider, now: number): void {
  const { reason = '', reveal = false, revealLabels, maxRows, times, forMinutes } = request
  votes.add({
    approval: row.id,
    at: now,
    person: personOf(who),
    groups: JSON.stringify(who.groups),
    email: who.verifiedEmail ?? null,
    reason,
    reveal: reveal || revealLabels !== undefined ? 1 : 0,
    revealLabels: revealLabels === undefined ? null : JSON.stringify([...new Set(revealLabels)]),
    maxRows: maxRows ?? row.max_rows,
    times: times ?? null,
    minutes: forMinutes ?? null,
  })
}

function approve(tables: DecideTables, row: ApprovalRow, who: Decider, rules: DecideRules, reason: string): void {
  const { reveal, revealLabels, maxRows, standing } = combineVotes(tables.votes.of(row.id))
  settle(tables, row, who, rules, { state: 'approved', reason, reveal, revealLabels: reveal ? revealLabels : null, maxRows })
  if (standing === undefined || rules.standingLimits === undefined) return
  makeStanding(tables, row, { ...standing, maxRows, reason, now: rules.now, limits: rules.standingLimits })
}

interface Outcome {
  readonly state: 'approved' | 'denied'
  readonly reason: string
  readonly reveal: boolean
  readonly revealLabels: readonly string[] | null
  readonly maxRows: number | null
}

function settle({ approvals }: DecideTables, { id }: ApprovalRow, who: Decider, { now, openAfterMs }: DecideRules, outcome: Outcome): void {
  const { state, reason, reveal, revealLabels, maxRows } = outcome
  approvals.decide({
    id,
    state,
    decision: state === 'approved' ? 'approve' : 'deny',
    decidedAt: now,
    decidedBy: personOf(who),
    reason,
    reveal: reveal ? 1 : 0,
    revealLabels: revealLabels === null ? null : JSON.stringify(revealLabels),
    maxRows,
    openUntil: now + openAfterMs,
  })
}

function personOf({ name, issuer, subject, kind }: Decider): string {
  return JSON.stringify({ name, issuer, subject, kind })
}

function tellState(row: ApprovalRow): string {
  const by = row.decided_by === null ? 'somebody' : personJson.parse(JSON.parse(row.decided_by)).name
  switch (row.state) {
    case 'approved':
      return `${by} has approved request #${row.id} already.`
    case 'used':
      return `${by} has approved request #${row.id} already, and the statement has run.`
    case 'denied':
      return `${by} has denied request #${row.id} already.`
    case 'withdrawn':
      return `Request #${row.id} was withdrawn: the agent cancelled it.`
    default:
      return `Request #${row.id} has expired. The agent can send the statement again.`
  }
}

function refuse(problem: DecideProblem, text: string): DecideResult {
  return { ok: false, problem, text }
}
