import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createApi } from '../../main/api/create-api.ts'
import { HandOvers } from '../../main/identity/hand-overs.ts'
import { apiFixture, ORIGIN, people } from './fixture.ts'

const pair = () => {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}
const STATE = randomBytes(32).toString('base64url')

function setUp() {
  const fixture = apiFixture()
  const app = createApi(fixture.context, 'test')
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(`${ORIGIN}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { host: '127.0.0.1:8443', ...(init.headers as Record<string, string>) },
    })
  const link = (challenge: string, more = {}) =>
    `/desktop/sign-in?${new URLSearchParams({ challenge, port: '40123', state: STATE, ...more })}`
  const confirm = (cookie: string, fields: Record<string, string>, headers: Record<string, string> = { origin: ORIGIN }) =>
    ask('/desktop/sign-in', { method: 'POST', body: new URLSearchParams(fields).toString(), headers: { cookie, ...headers } })
  const redeem = (code: string, verifier: string) =>
    ask('/auth/desktop-session', {
      method: 'POST',
      body: JSON.stringify({ code, verifier }),
      headers: { 'content-type': 'application/json' },
    })
  return { ...fixture, ask, link, confirm, redeem }
}

const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries([...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))

describe('the sign-in of the desktop app, in the system’s browser', () => {
  it('sends a browser without a session to sign in first, and back to the same link', async () => {
    const { ask, link } = setUp()
    const { challenge } = pair()
    const answer = await ask(link(challenge, { fresh: '1' }))
    expect(answer.status).toBe(303)
    const to = new URL(answer.headers.get('location') ?? '')
    expect(to.pathname).toBe('/auth/sign-in')
    expect(to.searchParams.get('fresh')).toBe('1')
    // Without `fresh` the second time: what comes back is fresh, and must not go round for ever.
    expect(to.searchParams.get('return')).toBe(link(challenge))
  })

  it.each(['/desktop/sign-in', '/auth/desktop-session'])('reads no further than 2 MiB of what is posted to %s', async (path) => {
    const { ask, signIn } = setUp()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const headers = { 'content-type': 'application/json', cookie: signIn('approver'), origin: ORIGIN }
    const answer = await ask(path, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(413)
    expect(sent).toBeLessThan(4 * 1024 * 1024)
  })

  it('asks the person, by name, and only then hands a code to the app on this computer, which makes a session of its own of it', async () => {
    const { ask, link, confirm, redeem, signIn } = setUp()
    const { verifier, challenge } = pair()
    const cookie = signIn('approver')
    const asked = await ask(link(challenge), { headers: { cookie } })
    const html = await asked.text()
    expect(html).toContain('asks to work as <b>Approver</b>')
    expect(asked.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:40123")
    const sent = await confirm(cookie, fieldsOf(html))
    const to = new URL(sent.headers.get('location') ?? '')
    expect([sent.status, to.origin, to.pathname, to.searchParams.get('state')]).toEqual([
      303,
      'http://127.0.0.1:40123',
      '/signed-in',
      STATE,
    ])
    const made = await redeem(to.searchParams.get('code') ?? '', verifier)
    expect(made.status).toBe(204)
    const own = made.headers.get('set-cookie') ?? ''
    expect(own).toMatch(/^sallyport-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/)
    const me = await ask('/api/me', { headers: { cookie: own.split(';')[0] ?? '' } })
    expect(await me.json()).toMatchObject({ name: 'Approver', subject: 'approver', kind: 'person' })
    expect(own.split(';')[0]).not.toBe(cookie)
  })

  it('takes a code once, and not with another verifier', async () => {
    const { ask, link, confirm, redeem, signIn } = setUp()
    const { verifier, challenge } = pair()
    const cookie = signIn('admin')
    const code = async () => {
      const sent = await confirm(cookie, fieldsOf(await (await ask(link(challenge), { headers: { cookie } })).text()))
      return new URL(sent.headers.get('location') ?? '').searchParams.get('code') ?? ''
    }
    const first = await code()
    expect((await redeem(first, verifier)).status).toBe(204)
    expect((await redeem(first, verifier)).status).toBe(400)
    const second = await code()
    expect((await redeem(second, pair().verifier)).status).toBe(400)
    expect((await redeem(second, verifier)).status).toBe(400)
  })

  it('hands nothing over for another site, without the page’s own proof, or to another computer', async () => {
    const { ask, link, confirm, signIn } = setUp()
    const { challenge } = pair()
    const cookie = signIn('approver')
    const fields = fieldsOf(await (await ask(link(challenge), { headers: { cookie } })).text())
    expect((await confirm(cookie, fields, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await confirm(cookie, fields, {})).status).toBe(403)
    expect((await confirm(cookie, { ...fields, csrf: 'guessed' })).status).toBe(403)
    expect((await confirm('', fields)).status).toBe(400)
    for (const wrong of [{ port: '80' }, { port: '127.0.0.1.evil.example' }, { challenge: 'short' }, { state: '"><script>' }]) {
      const page = await ask(link(challenge, wrong), { headers: { cookie } })
      expect([page.status, await page.text()]).toEqual([400, expect.not.stringContaining('<script>')])
      expect((await confirm(cookie, { ...fields, ...wrong })).status).toBe(400)
    }
  })

  it('forgets a code after a minute, and the oldest when there are very many', () => {
    const overs = new HandOvers()
    const who = people['approver']!
    const { verifier, challenge } = pair()
    const code = overs.begin(who, challenge, 1000)
    expect(overs.take(code, verifier, 61_000)).toBeUndefined()
    const early = overs.begin(who, challenge, 1000)
    const many = Array.from({ length: 300 }, () => overs.begin(who, challenge, 1001))
    expect(overs.take(early, verifier, 1002)).toBeUndefined()
    expect(overs.take(many.at(-1) ?? '', verifier, 1002)).toBe(who)
  })
})
