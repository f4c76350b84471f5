import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { serveCall } from './serve-call.ts'

/** Which agents have been here, and the switch that stops one or all of them. */
export function serveAgents(app: OpenAPIHono, context: ApiContext): void {
  const { agents } = context

  serveCall(app, context, 'listAgents', () => agents.list())

  serveCall(app, context, 'pauseAgents', ({ body, caller, note }) => {
    if (!caller.roles.includes('admin') && !caller.roles.includes('approver')) {
      throw new ApiProblem(403, 'no-role', 'Pausing agents needs the role of approver or admin, which none of your groups gives.')
    }
    const { name, issuer, subject, kind } = caller.who
    const result = agents.pause(body.agent, { name, issuer, subject, kind }, body.reason)
    note({ agent: body.agent?.subject ?? 'all', client: body.agent?.client ?? null, reason: body.reason, ...result })
    return { ...agents.list(), ...result }
  })

  serveCall(app, context, 'resumeAgents', ({ body, note }) => {
    if (!agents.resume(body.agent)) {
      throw new ApiProblem(409, 'not-paused', body.agent === undefined ? 'Agents are not paused as a whole.' : 'This agent is not paused.')
    }
    note({ agent: body.agent?.subject ?? 'all', client: body.agent?.client ?? null })
    return agents.list()
  })
}
