import { parseDetail, personJson } from '../approvals/approval-detail.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import { type ApprovalNotice, shortName } from './notice.ts'

const MAX_TABLES = 20

/** A request as outsiders are told of it: names from the configuration and the catalog, and nothing from the statement itself. */
export function describeApproval(row: ApprovalRow): ApprovalNotice {
  const { requester, rule, facts } = parseDetail(row.detail)
  return {
    id: row.id,
    state: row.state,
    connection: row.connection,
    agent: shortName(requester.name),
    rule: rule?.id ?? null,
    verbs: facts.verbs,
    tables: [...new Set(facts.relations.map(({ name }) => shortName(name)))].slice(0, MAX_TABLES),
    decidedBy: row.decided_by === null ? null : shortName(personJson.parse(JSON.parse(row.decided_by)).name),
    waitsUntil: new Date(row.wait_until).toISOString(),
  }
}

export function askedText({ id, agent, connection, verbs, tables, rule }: ApprovalNotice): string {
  const what = verbs.length === 0 ? 'a statement' : `a statement (${verbs.join(', ')})`
  const where =
    tables.length === 0 ? '' : ` on ${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ` and ${tables.length - 3} more` : ''}`
  return `${agent} asks to run ${what}${where}, connection ${connection}. Request #${id}${rule === null ? '' : `, held by rule ${rule}`}.`
}

export function decidedText({ id, state, agent, connection, decidedBy }: ApprovalNotice): string {
  const word = state === 'denied' ? 'denied' : 'approved'
  return `Request #${id} of ${agent} on ${connection} was ${word}${decidedBy === null ? '' : ` by ${decidedBy}`}.`
}

export function expiredText({ id, agent, connection }: ApprovalNotice): string {
  return `Request #${id} of ${agent} on ${connection} was not decided in time.`
}
