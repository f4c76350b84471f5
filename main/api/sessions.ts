import type { OpenAPIHono } from '@hono/zod-openapi'
import { labelColumns } from '../approvals/label-columns.ts'
import { csvHead, exportCsv } from '../recordings/export-csv.ts'
import { exportSession } from '../recordings/export-session.ts'
import { listEvents, type PageStart } from '../recordings/read-events.ts'
import { findSession, listSessions, presentSession } from '../recordings/read-sessions.ts'
import { readTimeline } from '../recordings/timeline.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow, SomeonesRow } from '../store/sessions-table.ts'
import { admit, noRole, onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { type Caller, findCaller, isOwn } from './caller.ts'
import { serveCall } from './serve-call.ts'

export function serveSessions(app: OpenAPIHono, context: ApiContext): void {
  const { recordings, gateway, policies, log } = context
  const liveIds = (): string[] => gateway.live().map((session) => session.id)

  serveCall(app, context, 'listSessions', ({ query, caller }) => {
    const live = liveIds()
    const found = listSessions(recordings.db, {
      ...filterOf(query),
      among: query.live === undefined ? undefined : { ids: live, inside: query.live === 'true' },
      who: onlyOwn(caller) ? caller.who : undefined,
      after: query.after,
      limit: query.limit ?? 50,
    })
    const items = found.rows.map((row) => presentSession(row, live.includes(row.id), row.excerpt))
    return { items, next: found.next }
  })

  serveCall(app, context, 'readSession', ({ params, caller }) => {
    const row = visible(context, params.id, caller)
    const live = liveIds().includes(row.id)
    return {
      ...presentSession(row, live, null),
      groups: JSON.parse(row.groups),
      events: row.events,
      head: row.head.toString('hex'),
      mayTerminate: live && mayTerminate(caller, row),
    }
  })

  serveCall(app, context, 'listEvents', ({ params, query, caller }) => {
    const row = visible(context, params.id, caller)
    const labelOf = labelColumns(policies.current(row.connection))
    const items = listEvents(recordings.db, row.number, labelOf, startOf(query), query.limit ?? 200)
    const last = items.at(-1)?.seq ?? row.events
    return { items, next: last < row.events ? last : null, total: row.events }
  })

  serveCall(app, context, 'timeline', ({ params, caller }) => readTimeline(recordings.db, visible(context, params.id, caller)))

  serveCall(app, context, 'terminate', ({ params, body, caller }) => {
    const live = gateway.live().find((session) => session.id === params.id)
    if (live === undefined) {
      visible(context, params.id, caller)
      return { ended: false }
    }
    if (!caller.roles.includes('admin') && !isOwn(caller, live.who)) {
      throw new ApiProblem(403, 'no-role', 'Ending someone else’s session needs the role of admin.')
    }
    live.end(body.reason === '' ? `ended by ${caller.who.name}` : `ended by ${caller.who.name}: ${body.reason}`)
    log.info('session-ended', { session: params.id, issuer: caller.who.issuer, subject: caller.who.subject })
    return { ended: true }
  })

  app.get('/api/sessions/:id/export', async (c) => {
    const caller = admit('own', await findCaller(context, c.req.raw))
    if (caller === undefined) throw new ApiProblem(401, 'sign-in', 'Sign in first.')
    const row = visible(context, c.req.param('id'), caller)
    const csv = c.req.query('format') === 'csv'
    context.audit.record(caller, 'session-exported', { session: row.id, format: csv ? 'csv' : 'jsonl' })
    const lines = csv ? csvLines(recordings.db, row) : exportSession(recordings.db, row, (one) => recordings.sign(one))
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = lines.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(`${next.value}\n`))
      },
    })
    return new Response(body, {
      headers: {
        'content-type': csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
        'content-disposition': `attachment; filename="sallyport-${row.id}.${csv ? 'csv' : 'jsonl'}"`,
        'cache-control': 'no-store',
      },
    })
  })
}

function* csvLines(db: Db, row: SessionRow): Generator<string> {
  yield csvHead()
  yield* exportCsv(db, row)
}

function startOf({
  after,
  from,
  statement,
}: {
  after?: number | undefined
  from?: number | undefined
  statement?: number | undefined
}): PageStart {
  if (statement !== undefined) return { statement }
  if (from !== undefined && after === undefined) return { from }
  return { after: after ?? 0 }
}

/** An empty field of a form asks for nothing. */
export function filterOf<T extends Record<string, unknown>>(query: T): T {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')) as T
}

/** The session, if this caller may see it. Throws `ApiProblem` 403 or 404. */
export function visible({ recordings }: ApiContext, id: string, caller: Caller): SomeonesRow {
  const row = findSession(recordings.db, id)
  if (onlyOwn(caller) && (row === undefined || !isOwn(caller, row))) throw noRole(caller)
  if (row === undefined) throw new ApiProblem(404, 'not-found', 'There is no such session.')
  return row
}

function mayTerminate(caller: Caller, row: SessionRow): boolean {
  return caller.roles.includes('admin') || isOwn(caller, row)
}
