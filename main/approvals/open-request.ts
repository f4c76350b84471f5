import type { ApprovalRequest, Policies } from '../../proxy/ports.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import type { DecideTables } from './decide-approval.ts'
import { describeRequest } from './describe-request.ts'
import { labelColumns } from './label-columns.ts'
import { ruleHash } from './rule-hash.ts'
import { humanOf } from './same-human.ts'
import type { StandingDesk } from './standing-desk.ts'

export interface OpenRules {
  readonly now: number
  readonly waitMs: number
  readonly openAfterMs: number
  readonly policies: Policies
  readonly standing: StandingDesk
}

/**
 * Finds the open request for the very same statement of the same person, or makes one; a standing approval lets the new one pass at once. To be run
 * inside a transaction.
 */
export function openRequest({ approvals }: Pick<DecideTables, 'approvals'>, request: ApprovalRequest, rules: OpenRules): ApprovalRow {
  const { who, key, session, statement, verdict } = request
  const { now, waitMs, openAfterMs } = rules
  const waitUntil = now + waitMs
  const openUntil = waitUntil + openAfterMs
  const found = approvals.findOpen(key, now)
  if (found !== undefined && found.issuer === who.issuer && found.subject === who.subject && found.connection === request.connection) {
    if (found.state === 'pending') approvals.askAgain({ id: found.id, session, statement, waitUntil, openUntil })
    return approvals.read(found.id) ?? found
  }
  const { rule } = verdict
  const id = approvals.insert({
    key,
    issuer: who.issuer,
    subject: who.subject,
    connection: request.connection,
    session,
    statement,
    detail: JSON.stringify(describeRequest(request, labelColumns(rules.policies.current(request.connection)))),
    askedAt: now,
    waitUntil,
    openUntil,
    maxRows: rule?.maxRows ?? null,
    needed: rule?.approvals ?? 1,
    human: JSON.stringify(humanOf(who)),
    rule: ruleHash(rule),
  })
  rules.standing.pass(id, key, ruleHash(rule), now, now + openAfterMs)
  const row = approvals.read(id)
  if (row === undefined) throw new Error(`approval ${id} was stored and is not there`)
  return row
}
