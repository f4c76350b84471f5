import type { OpenAPIHono } from '@hono/zod-openapi'
import type { DecideProblem } from '../approvals/decide-approval.ts'
import { noRole, onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { deciderOf, isOwn } from './caller.ts'
import { presentApproval } from './present-approval.ts'
import { proveDecision } from './prove-decision.ts'
import { serveCall } from './serve-call.ts'

const STATUS: Readonly<Record<DecideProblem, number>> = {
  'not-found': 404,
  'not-yours': 403,
  'sign-in-old': 403,
  decided: 409,
  over: 409,
  changed: 409,
  ceiling: 400,
  label: 400,
  standing: 400,
  voted: 409,
  passkey: 403,
}

export function serveApprovals(app: OpenAPIHono, context: ApiContext): void {
  const { approvals } = context

  serveCall(app, context, 'listApprovals', ({ query, caller }) => {
    const limit = query.limit ?? 100
    const mine = query.mine === 'true' || onlyOwn(caller)
    const after = query.after === undefined ? 0 : Number(query.after)
    if (!Number.isSafeInteger(after) || after < 0) throw new ApiProblem(400, 'not-understood', 'query.after is not what "next" said.')
    const rows = approvals.list({
      state: query.state,
      requester: mine ? caller.who : undefined,
      order: query.order,
      after,
      limit: limit + 1,
    })
    const page = rows.slice(0, limit)
    const next = rows.length > limit ? String(page.at(-1)?.id ?? '') : null
    return { items: page.map((row) => presentApproval(context, row, caller)), next }
  })

  serveCall(app, context, 'readApproval', ({ params, caller }) => {
    const row = approvals.read(params.id)
    if (row === undefined || (onlyOwn(caller) && !isOwn(caller, row))) {
      if (onlyOwn(caller)) throw noRole(caller)
      throw new ApiProblem(404, 'not-found', `There is no request #${params.id}.`)
    }
    return presentApproval(context, row, caller)
  })

  // Whoever may decide it may have it rehearsed.
  serveCall(app, context, 'rehearse', ({ params, caller }) => {
    const row = approvals.read(params.id)
    if (onlyOwn(caller) && (row === undefined || !isOwn(caller, row))) throw noRole(caller)
    if (row === undefined) throw new ApiProblem(404, 'not-found', `There is no request #${params.id}.`)
    const refusal = approvals.refuse(row, deciderOf(caller))
    if (refusal !== undefined) throw new ApiProblem(403, refusal.kind === 'sign-in' ? 'sign-in-old' : 'not-yours', refusal.text)
    const { name, issuer, subject, kind } = caller.who
    const why = context.previewer.rehearse(row.id, { name, issuer, subject, kind })
    if (why !== undefined) throw new ApiProblem(409, 'not-rehearsed', why)
    return presentApproval(context, approvals.read(row.id) ?? row, caller)
  })

  serveCall(app, context, 'decide', async ({ params, body, caller, note }) => {
    // Someone without a role learns nothing of requests that are not theirs, not even that there are some.
    const row = approvals.read(params.id)
    if (onlyOwn(caller) && caller.who.kind === 'person' && (row === undefined || !isOwn(caller, row))) throw noRole(caller)
    const decider = { ...deciderOf(caller), proved: await proveDecision(context, row, body, caller) }
    const result = approvals.decide(params.id, body, decider)
    if (!result.ok) throw new ApiProblem(STATUS[result.problem], result.problem, result.text)
    const { decision, times, forMinutes, reveal, revealLabels } = body
    note({
      decision,
      ...(reveal || revealLabels !== undefined ? { reveal: revealLabels ?? true } : {}),
      ...(times === undefined ? {} : { times }),
      ...(forMinutes === undefined ? {} : { forMinutes }),
    })
    if (result.row.standing !== null && result.row.standing_use === 1 && result.row.state === 'approved')
      context.audit.record(caller, 'standing-approval-made', { id: result.row.standing, approval: params.id })
    context.log.info('approval-decided', { approval: params.id, decision: body.decision, issuer: decider.issuer, subject: decider.subject })
    return presentApproval(context, result.row, caller)
  })
}
