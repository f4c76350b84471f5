import { createHash, timingSafeEqual } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { isLoopback } from '../config/units.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { addressOf } from './remote-address.ts'

/** `GET /metrics`, for Prometheus: from this machine itself, or with the token of `web.metrics`. */
export function serveMetrics(app: OpenAPIHono, context: ApiContext): void {
  app.get('/metrics', async (c) => {
    if (!mayRead(context, c.req.raw)) {
      throw new ApiProblem(401, 'metrics', 'Metrics are read from this machine itself, or with the token of web.metrics as a bearer token.')
    }
    const { text, contentType } = await context.metrics.read()
    return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
  })
}

function mayRead({ config }: ApiContext, request: Request): boolean {
  const token = config.current().web.metricsToken
  const given = /^Bearer +([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (given !== undefined) return token !== undefined && sameText(given, token.reveal())
  // Whoever comes through a proxy on this machine is not this machine.
  const passedOn = request.headers.has('x-forwarded-for') || request.headers.has('forwarded') || request.headers.has('via')
  // A proxy that says nothing of itself still asks for the name under which others know us.
  return !passedOn && isLoopback(addressOf(request)) && isLoopback(new URL(request.url).hostname)
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
