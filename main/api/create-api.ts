import { OpenAPIHono } from '@hono/zod-openapi'
import { serveAgents } from './agents.ts'
import { answerErrors, answerUnknown } from './answer-problems.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { serveApprovals } from './approvals.ts'
import { serveAudit } from './audit.ts'
import { serveCatalog } from './catalog.ts'
import { serveConfiguration } from './configuration.ts'
import { serveConfigurationVersions } from './configuration-versions.ts'
import { serveConnectionTests } from './connection-tests.ts'
import { serveDesktopSignIn } from './desktop-sign-in.ts'
import { serveEvidence } from './evidence.ts'
import { serveExplain } from './explain.ts'
import { serveFunctions } from './functions.ts'
import { limitRequests } from './limit-requests.ts'
import { serveMasking } from './masking.ts'
import { serveMe } from './me.ts'
import { serveMetrics } from './metrics.ts'
import { servePasskeys } from './passkeys.ts'
import { noticeAddress } from './remote-address.ts'
import { serveReplay } from './replay.ts'
import { securityHeaders } from './security-headers.ts'
import { servePages } from './serve-pages.ts'
import { serveSessions } from './sessions.ts'
import { serveSignIn } from './sign-in.ts'
import { serveStanding } from './standing.ts'
import { serveStatements } from './statements.ts'
import { serveStream } from './stream.ts'
import { describeStreams } from './stream-document.ts'
import { serveWhatIf } from './what-if.ts'

/** The API and the pages as one web-standard application, without a socket. */
export function createApi(context: ApiContext, version: string): OpenAPIHono {
  const { origin, isOurHost } = context
  const app = new OpenAPIHono()
  app.use(noticeAddress(() => context.config.current().web.trustedProxies))
  app.use(securityHeaders(() => origin().startsWith('https:')))
  app.use(limitRequests(context.limits))
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
  answerErrors(app, context)
  serveMe(app, context)
  servePasskeys(app, context)
  serveAgents(app, context)
  serveApprovals(app, context)
  serveStanding(app, context)
  serveSessions(app, context)
  serveStatements(app, context)
  serveReplay(app, context)
  serveEvidence(app, context)
  serveAudit(app, context)
  serveWhatIf(app, context)
  serveConfiguration(app, context)
  serveConfigurationVersions(app, context)
  serveConnectionTests(app, context)
  serveMasking(app, context)
  serveCatalog(app, context)
  serveExplain(app, context)
  serveFunctions(app, context)
  serveStream(app, context)
  context.mcp?.serve(app)
  serveMetrics(app, context)
  serveDocument(app, version)
  serveSignIn(app, context)
  serveDesktopSignIn(app, context)
  answerUnknown(app)
  servePages(app, context)
  app.all('*', () => {
    throw new ApiProblem(405, 'method', 'Pages are read with GET.', undefined, { allow: 'GET, HEAD' })
  })
  return app
}

function serveDocument(app: OpenAPIHono, version: string): void {
  describeStreams(app)
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'sallyport-session' })
  const description = 'Times are milliseconds since the epoch. Errors are application/problem+json (RFC 9457).'
  app.get('/api/openapi.json', (c) =>
    c.json(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Sallyport', version, description } })),
  )
}
