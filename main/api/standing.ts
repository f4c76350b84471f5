import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseDetail, personJson } from '../approvals/approval-detail.ts'
import type { StandingApproval } from '../contract/card.ts'
import type { StandingRow } from '../store/standing-table.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { type Caller, deciderOf } from './caller.ts'
import { serveCall } from './serve-call.ts'

/** Approvals that were given in advance: to be seen by all with a role, and revoked by those who could have given them. */
export function serveStanding(app: OpenAPIHono, context: ApiContext): void {
  const { standing } = context.approvals

  serveCall(app, context, 'listStanding', ({ query, caller }) => {
    const limit = query.limit ?? 50
    const after = query.after === undefined ? 0 : Number(query.after)
    if (!Number.isSafeInteger(after) || after < 0) throw new ApiProblem(400, 'not-understood', 'query.after is not what "next" said.')
    standing.sweep()
    const rows = standing.list({ connection: query.connection, ended: query.ended === 'true', after, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const next = rows.length > limit ? String(page.at(-1)?.id ?? '') : null
    return { items: page.map((row) => present(context, row, caller)), next }
  })

  serveCall(app, context, 'revokeStanding', ({ params, caller, note }) => {
    const row = standing.read(params.id)
    if (row === undefined) throw new ApiProblem(404, 'not-found', `There is no standing approval #${params.id}.`)
    const refusal = standing.refuseRevoking(row, deciderOf(caller))
    if (refusal !== undefined) throw new ApiProblem(403, 'not-yours', refusal)
    const { name, issuer, subject, kind } = caller.who
    if (!standing.revoke(row.id, { name, issuer, subject, kind }, `${name} revoked it.`))
      throw new ApiProblem(409, 'over', `Standing approval #${params.id} has ended already.`)
    note({ approval: row.approval, connection: row.connection, used: row.used })
    return present(context, standing.read(row.id) ?? row, caller)
  })
}

function present({ approvals }: ApiContext, row: StandingRow, caller: Caller): StandingApproval {
  const request = approvals.read(row.approval)
  if (request === undefined) throw new Error(`standing approval ${row.id} was given on a request that is not there`)
  const { sentence, sql, hidden, requester, rule } = parseDetail(request.detail)
  return {
    id: row.id,
    approval: row.approval,
    connection: row.connection,
    requester,
    sentence,
    sql,
    hidden,
    rule: rule?.id ?? '',
    maxRows: row.max_rows,
    times: row.times,
    used: row.used,
    until: row.until,
    by: approvals.standing.givers(row),
    reason: row.reason,
    at: row.made_at,
    ended:
      row.ended_at === null
        ? null
        : { at: row.ended_at, why: row.ended_why ?? '', by: row.ended_by === null ? null : personJson.parse(JSON.parse(row.ended_by)) },
    uses: approvals.standing.uses(row.id),
    mayRevoke: row.ended_at === null && approvals.standing.refuseRevoking(row, deciderOf(caller)) === undefined,
  }
}
