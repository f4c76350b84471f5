import type { OpenAPIHono } from '@hono/zod-openapi'
import { exportSession } from '../recordings/export-session.ts'
import { findRecord } from '../recordings/read-sessions.ts'
import { type ActRow, listActs } from '../store/acts-table.ts'
import { admit } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { findCaller } from './caller.ts'
import { serveCall } from './serve-call.ts'

/** What was done to the host itself, by whom. */
export function serveAudit(app: OpenAPIHono, context: ApiContext): void {
  const { recordings } = context

  serveCall(app, context, 'audit', ({ query }) => {
    const limit = query.limit ?? 100
    const { after, ...filter } = query
    const rows = listActs(recordings.db, { ...filter, before: after === undefined ? undefined : Number(after), limit: limit + 1 })
    const page = rows.slice(0, limit)
    return { items: page.map(presentAct), next: rows.length > limit ? String(page.at(-1)?.id ?? '') : null }
  })

  // The record of one start or day as a bundle that proves itself, like a session's.
  app.get('/api/audit/:record/export', async (c) => {
    const caller = admit('admin', await findCaller(context, c.req.raw))
    const row = findRecord(recordings.db, c.req.param('record'))
    if (caller === undefined || row?.kind !== 'host') throw new ApiProblem(404, 'not-found', 'There is no such record.')
    context.audit.record(caller, 'audit-exported', { record: row.id })
    const lines = exportSession(recordings.db, row, (one) => recordings.sign(one))
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
        'content-type': 'application/x-ndjson',
        'content-disposition': `attachment; filename="sallyport-audit-${row.id}.jsonl"`,
        'cache-control': 'no-store',
      },
    })
  })
}

function presentAct(row: ActRow & { readonly record: string }) {
  const { record, seq, at, act, outcome, name, issuer, subject, kind, address, details } = row
  const by = name === null || issuer === null || subject === null || kind === null ? null : { name, issuer, subject, kind }
  return { record, seq, at, act, outcome, by, address, details: JSON.parse(details) }
}
