import { untrustedTables } from '../../proxy/verdict/untrusted.ts'
import type { QueryOutput } from '../contract/mcp.ts'
import type { Answer } from './answer.ts'
import { describeBudget } from './describe-budget.ts'
import { describeRefusal } from './describe-refusal.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'
import { LEFT_OPEN, unknownConnection } from './own-refusals.ts'
import type { Held } from './runs.ts'
import { nameType } from './type-name.ts'

const PAGE_ROWS = 100
/** Of a page's JSON, about: what a model can read at once. */
const PAGE_BYTES = 256 * 1024

const NOTHING: QueryOutput = {
  status: 'done',
  columns: [],
  rows: [],
  rowCount: 0,
  cursor: null,
  truncated: false,
  tags: [],
  masked: [],
  untrusted: [],
  notices: [],
  alreadyRan: false,
  pending: null,
  refusal: null,
  budget: [],
  recording: null,
}

/** What is left of the caller's budget on a connection. */
export function budgetOf({ upstreams, gateway }: McpContext, connection: string, who: McpCaller['who']): QueryOutput['budget'] {
  const upstream = upstreams.own(connection)
  return upstream === undefined ? [] : describeBudget(gateway.budgetLeft(upstream, who))
}

/** An answer, from its row `offset` on. */
export async function presentAnswer(
  context: McpContext,
  caller: Pick<McpCaller, 'who'>,
  connection: string,
  answer: Answer,
  page: { readonly offset: number; readonly limit: number | undefined; readonly alreadyRan: boolean },
): Promise<QueryOutput> {
  // What was theirs a moment ago may not be any more.
  if (context.upstreams.open(connection, caller.who) === undefined) return presentRefusal(unknownConnection(connection))
  const budget = budgetOf(context, connection, caller.who)
  const recording = answer.session === '' ? null : { session: answer.session, statement: answer.statement ?? null }
  const common = { ...NOTHING, notices: [...answer.notices], tags: [...answer.tags], alreadyRan: page.alreadyRan, budget, recording }
  if (answer.error !== undefined) return { ...common, status: 'refused', refusal: describeRefusal(answer.error, answer) }
  if (answer.leftOpen) return { ...common, status: 'refused', refusal: LEFT_OPEN }
  const policy = context.policies.current(connection)
  // What was masked by another policy may not be shown under this one.
  const stands = (answer.end?.maskedBy ?? answer.judged?.verdict.policyVersion) === policy.version
  if (!stands && answer.columns.length > 0) {
    return { ...common, notices: [...common.notices, 'The policy has changed since it ran, so its rows are no longer shown.'] }
  }
  const rows = pageOf(answer, page.offset, page.limit ?? PAGE_ROWS)
  const next = page.offset + rows.length
  const catalog = await catalogOf(context, connection)
  return {
    ...common,
    columns: answer.columns.map(({ name, type }) => ({ name, type: nameType(type, catalog) })),
    rows: rows as QueryOutput['rows'],
    rowCount: answer.rowCount,
    cursor: next < answer.rows.length ? context.rows.keep(caller.who, connection, answer, next) : null,
    truncated: answer.cut,
    masked: [...(answer.end?.masked ?? [])],
    untrusted: catalog === undefined ? [] : [...untrustedTables(answer.judged?.facts ?? [], policy, catalog)],
  }
}

/** It waits for a person. */
export function presentHeld(context: McpContext, caller: Pick<McpCaller, 'who'>, connection: string, held: Held): QueryOutput {
  const rule = held.judged?.verdict.rule
  const row = context.approvals.read(held.approval)
  return {
    ...NOTHING,
    status: 'pending',
    budget: budgetOf(context, connection, caller.who),
    pending: {
      approval: held.approval,
      rule: rule?.id ?? null,
      reason: rule?.reason ?? null,
      approvers: [...(rule?.approvers ?? [])],
      waitUntil: new Date(row?.wait_until ?? held.at + (rule?.waitMs ?? 0)).toISOString(),
    },
  }
}

/** It never came to the gateway. */
export function presentRefusal(refusal: NonNullable<QueryOutput['refusal']>): QueryOutput {
  return { ...NOTHING, status: 'refused', refusal }
}

function pageOf({ rows }: Answer, offset: number, limit: number): Answer['rows'] {
  let bytes = 0
  let end = offset
  while (end < rows.length && end - offset < limit) {
    bytes += JSON.stringify(rows[end]).length
    // One row at least, or there would be no end.
    if (bytes > PAGE_BYTES && end > offset) break
    end++
  }
  return rows.slice(offset, end)
}

async function catalogOf({ upstreams, gateway }: McpContext, connection: string) {
  const upstream = upstreams.own(connection)
  return upstream === undefined ? undefined : gateway.catalog(upstream).catch(() => undefined)
}
