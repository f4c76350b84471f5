import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { askHost, HostUnreachable } from '../../main/desktop/ask-host.ts'
import { type HostLink, type LinkNews, openHostLink } from '../../main/desktop/host-link.ts'
import { fingerprintOf } from '../../main/desktop/judge-certificate.ts'
import { probeHost } from '../../main/desktop/probe-host.ts'
import { beginBrowserSignIn } from '../../main/desktop/sign-in-by-browser.ts'
import { type DeskHost, startDeskHost, until } from '../helpers/desk-host.ts'

const tlsFile = (name: string) => readFileSync(join(import.meta.dirname, '../helpers/tls', name), 'utf8')
const TLS = { cert: tlsFile('server.pem'), key: tlsFile('server.key') }
const FINGERPRINT = fingerprintOf(TLS.cert) ?? ''
const OTHER = fingerprintOf(tlsFile('other.pem')) ?? ''

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const startHost = async (...args: Parameters<typeof startDeskHost>): Promise<DeskHost> => {
  const host = await startDeskHost(...args)
  ends.push(() => host.close())
  return host
}

const PRIYA = 'sallyport-session=priya'

function open(host: DeskHost, { fingerprint = null as string | null, signedIn = true } = {}) {
  const jar: { cookie: string | undefined } = { cookie: signedIn ? PRIYA : undefined }
  const all: LinkNews[] = []
  const link: HostLink = openHostLink({
    address: { origin: host.origin, fingerprint },
    cookie: async () => jar.cookie,
    onNews: (news) => all.push(news),
    retryMs: [5],
  })
  ends.push(() => link.close())
  return { link, all, jar }
}

describe('the link to a host', () => {
  it('knows what is pending, hears what changes, and misses nothing in between', async () => {
    const host = await startHost()
    host.hold({ id: 1 })
    const { link } = open(host)
    await until('it is live', () => link.news.link === 'live')
    expect([...link.news.pending.keys()]).toEqual([1])
    expect(link.news.me?.name).toBe('Priya')
    host.hold({ id: 2 })
    await until('the second is heard', () => link.news.pending.has(2))
    host.hold({ id: 1, state: 'denied' })
    await until('the first goes', () => !link.news.pending.has(1))
    const lines = host.requests.map(({ line }) => line)
    expect(lines.indexOf('GET /api/stream')).toBeLessThan(lines.indexOf('GET /api/approvals?state=pending&limit=200'))
  })

  it('comes back by itself after the host was away, with what happened meanwhile', async () => {
    const host = await startHost()
    host.hold({ id: 1 })
    const { link } = open(host)
    await until('it is live', () => link.news.link === 'live')
    await host.down()
    await until('it is lost', () => link.news.link === 'lost')
    expect(link.news.why).not.toBe('')
    host.approvals.delete(1)
    host.hold({ id: 5 })
    await host.up()
    await until('it is live again', () => link.news.link === 'live')
    expect([...link.news.pending.keys()]).toEqual([5])
  })

  it('says that nobody is signed in, keeps still, and goes on once somebody is', async () => {
    const host = await startHost()
    host.hold({ id: 1 })
    const { link, jar } = open(host, { signedIn: false })
    await until('it says so', () => link.news.link === 'signed-out')
    const asked = host.requests.length
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(host.requests.length).toBe(asked)
    expect(link.news.pending.size).toBe(0)
    jar.cookie = PRIYA
    link.reconnect()
    await until('it is live', () => link.news.link === 'live')
  })

  it('decides with the revision, our own Origin and the page’s proof, and tells what the host says against it', async () => {
    const host = await startHost()
    host.hold({ id: 1, revision: 4 })
    const { link } = open(host)
    await until('it is live', () => link.news.link === 'live')
    await expect(link.decide(1, 3, 'approve')).rejects.toThrow('changed since you read it')
    expect((await link.decide(1, 4, 'approve')).state).toBe('approved')
    expect(link.news.pending.has(1)).toBe(false)
    const sent = host.requests.filter(({ line }) => line === 'POST /api/approvals/1/decision')
    expect(sent).toEqual([
      { line: 'POST /api/approvals/1/decision', origin: host.origin, csrf: 'csrf of Priya', body: '{"decision":"approve","revision":3}' },
      { line: 'POST /api/approvals/1/decision', origin: host.origin, csrf: 'csrf of Priya', body: '{"decision":"approve","revision":4}' },
    ])
    expect(sent.every(({ body }) => !body.includes('reveal'))).toBe(true)
  })

  it('pauses and lets go on, and hears of trouble', async () => {
    const host = await startHost()
    const { link } = open(host)
    await until('it is live', () => link.news.link === 'live')
    await link.setPaused(true)
    expect([host.paused, link.news.paused]).toEqual([true, true])
    await link.setPaused(false)
    expect([host.paused, link.news.paused]).toEqual([false, false])
    const detail = {
      version: '1',
      startedAt: 0,
      trouble: ['The disk is full.'],
      liveSessions: 2,
      pendingApprovals: 0,
      recorder: { writing: false, journalBytes: 0, behindBytes: 0, slowestWriteMs: 0 },
    }
    host.health = { status: 'trouble', detail }
    await until('the trouble is heard', () => link.news.health?.trouble[0] === 'The disk is full.')
  })
})

describe('a pinned certificate', () => {
  it('is the only one that a request is ever sent to', async () => {
    const host = await startHost(TLS)
    const { link } = open(host, { fingerprint: FINGERPRINT })
    await until('it is live', () => link.news.link === 'live')
    const before = host.requests.length
    const { link: wrong } = open(host, { fingerprint: OTHER })
    await until('it is lost', () => wrong.news.link === 'lost')
    expect(wrong.news.otherCertificate).toBe(FINGERPRINT)
    expect(wrong.news.why).toContain('another certificate')
    expect(host.requests.length).toBe(before)
  })

  it('is read for a person to compare; without one the system’s authorities judge', async () => {
    const host = await startHost(TLS)
    expect(await probeHost(host.origin)).toEqual({
      address: host.origin,
      certificate: {
        fingerprint: FINGERPRINT,
        subject: 'localhost',
        issuer: 'Sallyport test authority',
        validTo: expect.stringContaining('2126'),
        trusted: false,
      },
    })
    const { ask, close } = askHost({ origin: host.origin, fingerprint: null })
    await expect(ask('/api/health')).rejects.toThrow('not trusted here')
    close()
  })

  it('of what is no Sallyport host, or of nobody, is an error that says so', async () => {
    const other = http.createServer((_request, reply) => reply.end('hello'))
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expect(probeHost(`http://127.0.0.1:${port}`)).rejects.toThrow('no Sallyport host')
    await new Promise((done) => other.close(done))
    await expect(probeHost(`http://127.0.0.1:${port}`)).rejects.toThrow(HostUnreachable)
    await expect(probeHost(`https://127.0.0.1:${port}`)).rejects.toThrow('Nobody answers')
  })
})

describe('a sign-in in the browser', () => {
  /** The host's side of it: a code for the challenge, taken once with the verifier. */
  async function startGiver() {
    const taken: string[] = []
    let challenge = ''
    const server = http.createServer(async (request, reply) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer))
      const { code, verifier } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string; verifier: string }
      taken.push(code)
      const right = createHash('sha256').update(verifier).digest('base64url') === challenge
      reply.writeHead(
        right ? 204 : 400,
        right ? { 'set-cookie': `sallyport-session=${'s'.repeat(43)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200` } : {},
      )
      reply.end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    ends.push(() => server.close())
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    return { origin, taken, expect: (value: string) => (challenge = value) }
  }

  it('ends with a session of the app’s own, and takes no answer but its own', async () => {
    const giver = await startGiver()
    const signIn = await beginBrowserSignIn({ origin: giver.origin, fingerprint: null }, { provider: 'corp', fresh: true })
    const url = new URL(signIn.url)
    expect([url.origin, url.pathname, url.searchParams.get('provider'), url.searchParams.get('fresh')]).toEqual([
      giver.origin,
      '/desktop/sign-in',
      'corp',
      '1',
    ])
    giver.expect(url.searchParams.get('challenge') ?? '')
    const back = `http://127.0.0.1:${url.searchParams.get('port')}`
    const state = url.searchParams.get('state') ?? ''
    for (const path of [`/signed-in?code=c&state=${'x'.repeat(43)}`, `/other?code=c&state=${state}`, `/signed-in?state=${state}`])
      expect((await fetch(back + path)).status, path).toBe(404)
    expect((await fetch(`${back}/signed-in?code=c&state=${state}`, { method: 'POST' })).status).toBe(404)
    expect(giver.taken).toEqual([])
    const page = await fetch(`${back}/signed-in?code=the-code&state=${state}`)
    expect(await page.text()).toContain('You are signed in')
    expect(await signIn.cookie).toEqual({ name: 'sallyport-session', value: 's'.repeat(43), secure: false, maxAgeS: 43_200 })
    expect(giver.taken).toEqual(['the-code'])
    await expect(fetch(`${back}/signed-in?code=again&state=${state}`)).rejects.toThrow()
  })

  it('is over when it is begun anew, or the host does not confirm it', async () => {
    const giver = await startGiver()
    const first = await beginBrowserSignIn({ origin: giver.origin, fingerprint: null })
    first.cancel()
    await expect(first.cookie).rejects.toThrow('begun anew')
    const second = await beginBrowserSignIn({ origin: giver.origin, fingerprint: null })
    const { searchParams } = new URL(second.url)
    giver.expect('another challenge')
    await fetch(`http://127.0.0.1:${searchParams.get('port')}/signed-in?code=c&state=${searchParams.get('state')}`)
    await expect(second.cookie).rejects.toThrow('did not confirm')
  })
})
