import { afterAll, beforeAll, expect, test } from 'vitest'
import { meSchema } from '../../main/contract/people.ts'
import { type ApiFixture, apiFixture, ORIGIN } from './fixture.ts'

// None of these tests changes anything: one API serves them all.
let api: ApiFixture
const ends: (() => void)[] = []
beforeAll(() => {
  api = apiFixture((end) => ends.push(end))
})
afterAll(() => {
  for (const end of ends) end()
})

test('a browser’s change needs our own page’s origin and its token', async () => {
  const cookie = api.signIn('admin')
  const me = meSchema.parse(await (await api.call(undefined, 'GET', '/api/me', undefined, { cookie })).json())
  expect(me).toMatchObject({ name: 'Admin', roles: ['admin', 'approver'] })
  const end = (headers: Record<string, string>) => api.call(undefined, 'POST', '/api/sessions/none/terminate', {}, { cookie, ...headers })
  const token = { [me.csrf?.header ?? '']: me.csrf?.token ?? '' }
  expect((await end({})).status).toBe(403)
  expect((await end({ origin: ORIGIN })).status).toBe(403)
  expect((await end({ origin: 'http://evil.test', ...token })).status).toBe(403)
  expect((await end({ origin: ORIGIN, 'sec-fetch-site': 'cross-site', ...token })).status).toBe(403)
  expect((await end({ origin: ORIGIN, ...token })).status).toBe(404)
})

test('a host of another name is not served: DNS rebinding', async () => {
  for (const path of ['/', '/api/health']) {
    expect((await api.call(undefined, 'GET', path, undefined, { host: 'evil.test:8443' })).status).toBe(421)
    expect((await api.call(undefined, 'GET', path, undefined, { host: 'localhost:8443' })).status).toBe(200)
  }
})

test('a bad token is named, and never shown', async () => {
  const response = await api.call('garbage-token', 'GET', '/api/me')
  expect(response.status).toBe(401)
  const text = await response.text()
  expect(text).toContain('The token has expired.')
  expect(text).not.toContain('garbage-token')
})

test('no answer holds a credential', async () => {
  for (const path of ['/api/connections', '/api/policies', '/api/masking', '/api/health', '/api/openapi.json']) {
    const text = await (await api.call('admin', 'GET', path)).text()
    expect(text).not.toContain('the-secret-credential')
  }
})

test.each(['{', '{"decision":"maybe"}', '{"decision":"approve","unknown":1}', '[]', ''])(
  'a body that is not understood is a 400: %s',
  async (body) => {
    const response = await api.send('admin', 'POST', '/api/approvals/1/decision', body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ status: 400, title: 'Not understood' })
  },
)

test('an unknown call is a problem, an unknown page is ours to show, a missing file is missing', async () => {
  expect((await api.call('admin', 'GET', '/api/nothing')).status).toBe(404)
  const wrong = await api.call('admin', 'DELETE', '/api/sessions')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  const options = await api.call(undefined, 'OPTIONS', '/api/sessions')
  expect([options.status, options.headers.get('allow'), options.headers.get('access-control-allow-origin')]).toEqual([
    204,
    'GET, HEAD, OPTIONS',
    null,
  ])
  const head = await api.call('viewer', 'HEAD', '/api/sessions')
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await api.call(undefined, 'POST', '/sessions')).status).toBe(405)
  const page = await api.call(undefined, 'GET', '/sessions/some-id')
  expect(page.status).toBe(200)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const asset = await api.call(undefined, 'GET', '/assets/app-1234.js')
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect((await api.call(undefined, 'GET', '/assets/other.js')).status).toBe(404)
})

test.each(['/../host.db', '/%2e%2e/host.db', '/..%2fhost.db', '/assets/%2e%2e/%2e%2e/host.db', '/%00.js'])(
  'nothing outside the pages is served: %s',
  async (path) => {
    const response = await api.call(undefined, 'GET', path)
    expect(await response.text()).not.toContain('SQLite format')
  },
)

test('the stream tells of a change, and goes on after Last-Event-ID', async () => {
  const { hub } = api.context
  const first = await listen(api, undefined)
  hub.tell({ kind: 'health' })
  const heard = await first.until('event: health')
  const id = /id: (era-1)\nevent: health/.exec(heard)?.[1]
  expect(id).toBe('era-1')
  await first.close()
  hub.tell({ kind: 'health' })
  const second = await listen(api, id)
  expect(await second.until('event: health')).toContain('id: era-2')
  await second.close()
  const third = await listen(api, 'another-77')
  expect(await third.until('event: reset')).toContain('"type":"reset"')
  await third.close()
})

async function listen(api: ApiFixture, lastEventId: string | undefined) {
  const response = await api.call(
    'viewer',
    'GET',
    '/api/stream',
    undefined,
    lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  )
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('no stream')
  const decoder = new TextDecoder()
  let text = ''
  return {
    until: async (words: string): Promise<string> => {
      while (!text.includes(words)) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`the stream ended after ${text}`)
        text += decoder.decode(value)
      }
      return text
    },
    close: () => reader.cancel(),
  }
}

test('a body in another form, or without end, is refused before it is read', async () => {
  const send = (headers: Record<string, string>, body: BodyInit) => api.request('admin', 'POST', '/api/explain', headers, body)
  expect((await send({ 'content-type': 'text/plain' }, '{}')).status).toBe(415)
  expect((await send({ 'content-type': 'application/json' }, 'x'.repeat(3 * 1024 * 1024))).status).toBe(413)
  let given = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 1
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20))
    },
  })
  expect((await send({ 'content-type': 'application/json' }, endless)).status).toBe(413)
  expect(given).toBeLessThan(64)
  expect((await send({ 'content-type': 'application/json' }, new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400)
})
