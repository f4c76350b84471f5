import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { problemSchema } from '../contract/problem.ts'

interface Beside {
  readonly id: string
  readonly path: string
  readonly summary: string
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly contentType: string
}

const session = z.object({ id: z.string().min(1).max(64) })
const none = z.object({})

/** What answers with a stream and so stands beside the map of JSON calls. */
const BESIDE: readonly Beside[] = [
  {
    ...{ id: 'stream', path: '/api/stream', params: none, query: none, contentType: 'text/event-stream' },
    summary: 'Server-sent events: what changes, as it does. Resumed by Last-Event-ID.',
  },
  {
    ...{ id: 'exportSession', path: '/api/sessions/{id}/export', params: session, contentType: 'application/x-ndjson' },
    query: z.object({ format: z.enum(['jsonl', 'csv']).optional() }),
    summary: 'A session as a bundle that proves itself, or its statements as CSV.',
  },
  {
    ...{ id: 'exportAudit', path: '/api/audit/{record}/export', query: none, contentType: 'application/x-ndjson' },
    params: z.object({ record: z.string().min(1).max(64) }),
    summary: 'A record of administrative acts as a bundle that proves itself.',
  },
]

export function describeStreams(app: OpenAPIHono): void {
  for (const { id, path, summary, params, query, contentType } of BESIDE) {
    app.openAPIRegistry.registerPath({
      method: 'get',
      path,
      operationId: id,
      summary,
      request: { params, query },
      security: [{ bearer: [] }, { session: [] }],
      responses: {
        200: { description: summary, content: { [contentType]: { schema: z.string() } } },
        default: { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: problemSchema } } },
      },
    })
  }
}
