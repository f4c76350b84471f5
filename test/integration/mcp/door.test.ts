import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type McpFixture, startMcp } from '../../helpers/mcp-fixture.ts'

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
}

describe('the door of /mcp', () => {
  let fixture: McpFixture
  beforeAll(async () => {
    fixture = await startMcp({ extra: { mcp: { requestsPerMinute: 80, sessionsPerPerson: 3, origins: ['https://inspector.example'] } } })
  })
  afterAll(() => fixture.stop())

  const post = async (token: string | undefined, headers: Record<string, string> = {}, body: unknown = INITIALIZE): Promise<Response> =>
    fetch(new URL('/mcp', fixture.host.web), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const sessionOf = async (response: Response): Promise<string> => {
    await response.text()
    return response.headers.get('mcp-session-id') ?? ''
  }

  it('sends whoever has no token to who gives them', async () => {
    const response = await post(undefined)
    expect(response.status).toBe(401)
    const challenge = response.headers.get('www-authenticate') ?? ''
    const metadata = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? ''
    expect(metadata).toBe(`${fixture.host.web}/.well-known/oauth-protected-resource/mcp`)
    expect(await (await fetch(metadata)).json()).toMatchObject({
      resource: `${fixture.host.web}/mcp`,
      authorization_servers: [fixture.issuer.issuer],
      bearer_methods_supported: ['header'],
    })
    expect(await (await fetch(new URL('/.well-known/oauth-protected-resource', fixture.host.web))).json()).toMatchObject({
      resource: fixture.host.web,
    })
  })

  it('says what is wrong with a token, never the token', async () => {
    for (const make of ['expired', 'foreignKey', 'otherAudience', 'unsigned'] as const) {
      const token = await fixture.issuer.bad[make]()
      const response = await post(token)
      expect(response.status, make).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
      expect(`${response.headers.get('www-authenticate')}${await response.text()}`).not.toContain(token)
    }
  })

  it('speaks the protocol of November and the one before', async () => {
    const token = await fixture.issuer.mint()
    for (const protocolVersion of ['2025-11-25', '2025-06-18']) {
      const response = await post(token, {}, { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion } })
      expect(response.status).toBe(200)
      expect(await response.text()).toContain(`"protocolVersion":"${protocolVersion}"`)
    }
  })

  it('answers no page of another origin, and no other name of this host', async () => {
    const token = await fixture.issuer.mint()
    expect((await post(token, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post(token, { origin: fixture.host.web })).status).toBe(200)
    const allowed = await post(token, { origin: 'https://inspector.example' })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://inspector.example')
  })

  it('keeps a session to the identity that began it, with any token of theirs', async () => {
    const id = await sessionOf(await post(await fixture.issuer.mint({ sub: 'mine' })))
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
    const headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }
    expect((await post(await fixture.issuer.mint({ sub: 'other' }), headers, list)).status).toBe(404)
    expect((await post(await fixture.issuer.mint({ sub: 'mine', expiresIn: 1800 }), headers, list)).status).toBe(200)
  })

  it('makes room for a person’s newest session by ending the one used least lately', async () => {
    const token = await fixture.issuer.mint({ sub: 'forgetful' })
    const ids: string[] = []
    for (let i = 0; i < 4; i++) ids.push(await sessionOf(await post(token)))
    const ping = (id: string) =>
      post(token, { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }, { jsonrpc: '2.0', id: 3, method: 'ping' })
    expect((await ping(ids[0] as string)).status).toBe(404)
    expect((await ping(ids[3] as string)).status).toBe(200)
  })

  it('refuses what is no request, and too much of anything', async () => {
    const token = await fixture.issuer.mint({ sub: 'odd' })
    expect((await post(token, {}, '{')).status).toBe(400)
    expect((await post(token, {}, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(400)
    expect((await post(token, {}, `"${'x'.repeat(5 * 1024 * 1024)}"`)).status).toBe(413)
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await post(token, {}, '{')).status))
    expect(statuses).toContain(429)
    const late = await post(token)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(await fixture.issuer.mint({ sub: 'patient' }))).status).toBe(200)
  })
})
