import type { OpenAPIHono } from '@hono/zod-openapi'
import { BACK_CHANNEL_PATH } from '../identity/back-channel-logout.ts'
import { CALLBACK_PATH, SAML_DONE_PATH, SAML_PATH, SIGN_IN_PATH } from '../identity/sign-in.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { readForm } from './read-json.ts'
import { serveCall } from './serve-call.ts'

/** Where people sign in and out, and where providers answer. */
export function serveSignIn(app: OpenAPIHono, context: ApiContext): void {
  const { signIn, backChannelLogout } = context

  serveCall(app, context, 'signIn', () => ({ providers: signIn.options(), ...(signIn.setUpOpen ? { setUpCode: true } : {}) }))

  serveCall(app, context, 'setUpCode', ({ body, request, setCookie }) => {
    const begun = signIn.setUp(body.code, request)
    if (begun === undefined) {
      throw new ApiProblem(
        403,
        'set-up-code',
        'This code is not good: it is mistyped, was used, or is older than a day. The host prints a new one when it starts without an admin.',
      )
    }
    setCookie(begun.cookie)
    return { name: begun.who.name, roles: ['admin'] }
  })

  app.get('/api/sign-in/:provider/metadata', (c) => {
    const metadata = signIn.samlMetadata(c.req.param('provider'))
    if (metadata === undefined) throw new ApiProblem(404, 'not-found', 'There is no SAML provider of that name.')
    return new Response(metadata, {
      headers: { 'content-type': 'application/samlmetadata+xml; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
  app.get(SIGN_IN_PATH, (c) => signIn.start(c.req.raw))
  app.get(CALLBACK_PATH, (c) => signIn.callback(c.req.raw))
  app.post(SAML_PATH, async (c) => signIn.samlAnswer(await readForm(c.req.raw)))
  app.get(SAML_DONE_PATH, (c) => signIn.samlDone(c.req.raw))
  app.post(BACK_CHANNEL_PATH, async (c) => backChannelLogout(await readForm(c.req.raw)))
  app.post('/auth/sign-out', (c) => signIn.signOut(c.req.raw))
}
