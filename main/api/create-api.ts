import { OpenAPIHono } from '@hono/zod-openapi'
import { GatewayError } from '../../proxy/errors.ts'
import { CALLBACK_PATH, SIGN_IN_PATH } from '../identity/sign-in.ts'
import { serveAgents } from './agents.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { serveApprovals } from './approvals.ts'
import { serveAudit } from './audit.ts'
import { serveConfiguration } from './configuration.ts'
import { serveDesktopSignIn } from './desktop-sign-in.ts'
import { serveEvidence } from './evidence.ts'
import { serveExplain } from './explain.ts'
import { serveFunctions } from './functions.ts'
import { serveMasking } from './masking.ts'
import { serveMe } from './me.ts'
import { noticeAddress } from './remote-address.ts'
import { serveReplay } from './replay.ts'
import { securityHeaders } from './security-headers.ts'
import { servePages } from './serve-pages.ts'
import { serveSessions } from './sessions.ts'
import { serveStatements } from './statements.ts'
import { serveStream } from './stream.ts'
import { serveWhatIf } from './what-if.ts'

/** The API and the pages as one web-standard application, without a socket. */
export function createApi(context: ApiContext, version: string): OpenAPIHono {
  const { log, origin, isOurHost, signIn } = context
  const app = new OpenAPIHono()
  app.use(noticeAddress())
  app.use(securityHeaders(() => origin().startsWith('https:')))
  app.use(async (c, next) => {
    if (!isOurHost(c.req.header('host'))) {
      throw new ApiProblem(
        421,
        'other-host',
        'This host is not called that. Use the address that it prints when it starts, or set web.publicUrl.',
      )
    }
    await next()
  })
  app.onError((error) => {
    if (error instanceof ApiProblem) return error.toResponse()
    log.error('api-failed', { reason: error.message, stack: error.stack ?? '' })
    if (context.recordings.noticeDamage(error)) {
      return new ApiProblem(
        503,
        'recordings-damaged',
        'The search database is damaged. It is being made anew from the journal: try again soon.',
      ).toResponse()
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
  serveMe(app, context)
  serveAgents(app, context)
  serveApprovals(app, context)
  serveSessions(app, context)
  serveStatements(app, context)
  serveReplay(app, context)
  serveEvidence(app, context)
  serveAudit(app, context)
  serveWhatIf(app, context)
  serveConfiguration(app, context)
  serveMasking(app, context)
  serveExplain(app, context)
  serveFunctions(app, context)
  serveStream(app, context)
  serveDocument(app, version)
  app.get(SIGN_IN_PATH, (c) => signIn.start(c.req.raw))
  app.get(CALLBACK_PATH, (c) => signIn.callback(c.req.raw))
  serveDesktopSignIn(app, context)
  app.post('/auth/sign-out', (c) => signIn.signOut(c.req.raw))
  app.all('/api/*', () => {
    throw new ApiProblem(404, 'not-found', 'There is no such call. GET /api/openapi.json lists them.')
  })
  servePages(app, context)
  return app
}

function serveDocument(app: OpenAPIHono, version: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'sallyport-session' })
  const description = 'Times are milliseconds since the epoch. Errors are application/problem+json (RFC 9457).'
  app.get('/api/openapi.json', (c) =>
    c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Sallyport', version, description } })),
  )
}
