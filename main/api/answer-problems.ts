import type { OpenAPIHono } from '@hono/zod-openapi'
import { GatewayError } from '../../proxy/errors.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'

/** Makes a problem (RFC 9457) of whatever was thrown. What nobody foresaw goes to the log, and not to the caller. */
export function answerErrors(app: OpenAPIHono, { log, recordings }: ApiContext): void {
  app.onError((error) => {
    if (error instanceof ApiProblem) return error.toResponse()
    log.error('api-failed', { reason: error.message, stack: error.stack ?? '' })
    if (recordings.noticeDamage(error)) {
      const text = 'The search database is damaged. It is being made anew from the journal: try again soon.'
      return new ApiProblem(503, 'recordings-damaged', text).toResponse()
    }
    if (error instanceof GatewayError && error.code === 'recorder') {
      return new ApiProblem(503, 'recorder', 'It could not be stored. The host’s health says why.').toResponse()
    }
    // The sign-in provider is down: its keys cannot be fetched.
    if (error instanceof GatewayError && error.code === 'upstream-unavailable') {
      return new ApiProblem(503, error.code, error.message).toResponse()
    }
    return new ApiProblem(500, 'internal', 'Something went wrong in the host. Its log has the details.').toResponse()
  })
}

/** Answers what no route took: OPTIONS, 405 with Allow, 404. Call it when all routes are there. Browsers of other sites are granted nothing. */
export function answerUnknown(app: OpenAPIHono): void {
  const known = routesOf(app)
  app.all('/api/*', (c) => answer(known, c.req.method, c.req.path))
  app.all('/auth/*', (c) => answer(known, c.req.method, c.req.path))
}

function answer(known: readonly Route[], method: string, path: string): Response {
  const methods = new Set(known.filter((route) => route.path.test(path)).map((route) => route.method))
  if (methods.size === 0) throw new ApiProblem(404, 'not-found', 'There is no such call. GET /api/openapi.json lists them.')
  if (methods.has('GET')) methods.add('HEAD')
  const allow = [...methods, 'OPTIONS'].sort().join(', ')
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
  throw new ApiProblem(405, 'method', `${method} is not possible here: ${allow}.`, undefined, { allow })
}

interface Route {
  readonly method: string
  readonly path: RegExp
}

function routesOf(app: OpenAPIHono): Route[] {
  return app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => ({
      method,
      path: new RegExp(`^${path.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/:\w+(\\?\{[^}]*\})?/g, '[^/]+')}$`),
    }))
}
