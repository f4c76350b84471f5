import type { OpenAPIHono } from '@hono/zod-openapi'
import { CSRF_HEADER, csrfToken } from '../identity/csrf.ts'
import { decideUntil } from '../identity/recent-sign-in.ts'
import type { ApiContext } from './api-context.ts'
import { serveCall } from './serve-call.ts'

/** Who am I, and is the host well. */
export function serveMe(app: OpenAPIHono, context: ApiContext): void {
  const { config, clock, health } = context

  serveCall(app, context, 'me', ({ caller }) => {
    const { who, roles, cookieValue } = caller
    return {
      name: who.name,
      issuer: who.issuer,
      subject: who.subject,
      kind: who.kind,
      roles: [...roles],
      groups: [...who.groups],
      ...(who.kind === 'person' && roles.length === 0 ? { roleGroups: [...new Set(Object.values(config.current().roles).flat())] } : {}),
      signInAt: who.authTime ?? null,
      decideUntil: decideUntil(who.authTime, config.current().identity.recentSignInMs, clock.now()) ?? null,
      csrf: cookieValue === undefined ? null : { header: CSRF_HEADER, token: csrfToken(cookieValue) },
    }
  })

  serveCall(app, context, 'health', ({ caller }) => {
    const now = health()
    return caller === undefined || caller.roles.length === 0 ? { status: now.status } : now
  })
}
