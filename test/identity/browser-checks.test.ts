import { describe, expect, it } from 'vitest'
import { cookie, cookieName, readCookie } from '../../main/identity/cookies.ts'
import { CSRF_HEADER, csrfProblem, csrfToken } from '../../main/identity/csrf.ts'
import { createHostCheck } from '../../main/identity/host-check.ts'
import { PendingSignIns } from '../../main/identity/pending-sign-ins.ts'
import { safeReturnPath } from '../../main/identity/return-path.ts'
import { ISSUER, NOW } from './memory-issuer.ts'
import { memorySessions } from './memory-sessions.ts'

describe('where to go after the sign-in', () => {
  it.each(['/', '/approvals/12', '/sessions?q=drop%20table&live=true#top'])('%s is a path of ours', (path) => {
    expect(safeReturnPath(path)).toBe(path)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:x'.replace('%0d%0a', '\r\n'),
    '/\t/evil.example',
    '/./\\evil.example',
    '/x/../..//evil.example',
    'approvals',
    '',
    null,
    undefined,
    '/auth/sign-in?return=/auth/sign-in',
    `/${'a'.repeat(3000)}`,
  ])('%j is not', (path) => {
    expect(safeReturnPath(path)).toBe('/')
  })
})

describe('the Host header', () => {
  const local = createHostCheck({ host: '127.0.0.1', port: 8443 }, undefined)
  it.each([
    ['127.0.0.1:8443', true],
    ['localhost:8443', true],
    ['LOCALHOST:8443', true],
    ['[::1]:8443', true],
    ['127.0.0.1', false],
    ['127.0.0.1:80', false],
    ['evil.example:8443', false],
    ['127.0.0.1.evil.example:8443', false],
    ['localhost:8443@evil.example', false],
    ['', false],
    [undefined, false],
  ])('on loopback: %s', (host, ours) => {
    expect(local(host)).toBe(ours)
  })

  it('behind a public address it may be that one', () => {
    const check = createHostCheck({ host: '0.0.0.0', port: 8443 }, 'https://sallyport.corp')
    expect(check('sallyport.corp')).toBe(true)
    expect(check('sallyport.corp:443')).toBe(true)
    expect(check('sallyport.corp:8443')).toBe(false)
    expect(check('localhost:8443')).toBe(false)
  })
})

describe('a write with the cookie', () => {
  const origin = 'http://127.0.0.1:8443'
  const value = 'the-cookie'
  const good = { origin, [CSRF_HEADER]: csrfToken(value) }
  const problem = (headers: Record<string, string>) => csrfProblem(new Headers(headers), origin, value)

  it('is taken from our own page', () => {
    expect(problem(good)).toBeUndefined()
    expect(problem({ ...good, 'sec-fetch-site': 'same-origin' })).toBeUndefined()
  })

  it.each([
    ['no Origin', { [CSRF_HEADER]: csrfToken(value) }, /Origin is missing/],
    ['another origin', { ...good, origin: 'http://127.0.0.1:9000' }, /not this host/],
    ['the origin null', { ...good, origin: 'null' }, /not this host/],
    ['another site', { ...good, 'sec-fetch-site': 'cross-site' }, /another site/],
    ['another origin of the same site', { ...good, 'sec-fetch-site': 'same-site' }, /another site/],
    ['no header of ours', { origin }, /is missing/],
    ['another session’s value', { origin, [CSRF_HEADER]: csrfToken('other') }, /wrong value/],
  ])('is refused with %s', (_what, headers, message) => {
    expect(problem(headers as Record<string, string>)).toMatch(message)
  })
})

describe('cookies', () => {
  it('are bound to the host over https', () => {
    expect(cookieName('sallyport-session', true)).toBe('__Host-sallyport-session')
    expect(cookie('n', 'v', { secure: true, maxAgeS: 60 })).toBe('n=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure')
    expect(cookie('n', 'v', { secure: false, maxAgeS: 60 })).not.toContain('Secure')
  })

  it('that came twice, or look odd, do not count', () => {
    expect(readCookie('a=1; n=abc; b=2', 'n')).toBe('abc')
    expect(readCookie('n=abc; n=def', 'n')).toBeUndefined()
    expect(readCookie('xn=abc', 'n')).toBeUndefined()
    expect(readCookie('n=a"b', 'n')).toBeUndefined()
    expect(readCookie(undefined, 'n')).toBeUndefined()
  })
})

describe('a signed-in browser', () => {
  const who = {
    issuer: ISSUER,
    subject: 'u-17',
    name: 'Ada',
    groups: ['dba'],
    kind: 'person' as const,
    client: undefined,
    expiresAt: NOW + 600_000,
    authTime: NOW,
  }
  const setUp = (issuers = new Set([ISSUER])) => {
    let now = NOW
    const { sessions, store } = memorySessions({ now: () => now, trusts: (issuer) => issuers.has(issuer) })
    const at = (ms: number): void => {
      now = NOW + ms
    }
    return { store, sessions, at }
  }

  it('is known by its cookie, which is not what is stored', () => {
    const { sessions, store } = setUp()
    const value = sessions.begin(who, {})
    expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(sessions.find(value)).toMatchObject({ issuer: ISSUER, subject: 'u-17', groups: ['dba'], kind: 'person', authTime: NOW })
    expect(store.find(value)).toBeUndefined()
    expect(sessions.find('something-else')).toBeUndefined()
  })

  it('is forgotten after an idle hour, but not while it is used', () => {
    const { sessions, at } = setUp()
    const value = sessions.begin(who, {})
    at(59 * 60_000)
    expect(sessions.find(value)).toBeDefined()
    at(118 * 60_000)
    expect(sessions.find(value)).toBeDefined()
    at(179 * 60_000)
    expect(sessions.find(value)).toBeUndefined()
  })

  it('is forgotten after twelve hours, however much it is used', () => {
    const { sessions, at } = setUp()
    const value = sessions.begin(who, {})
    for (let minutes = 50; minutes < 720; minutes += 50) {
      at(minutes * 60_000)
      expect(sessions.find(value)).toBeDefined()
    }
    at(720 * 60_000)
    expect(sessions.find(value)).toBeUndefined()
  })

  it('ends with the sign-out, and with its provider', () => {
    const { sessions } = setUp()
    const value = sessions.begin(who, {})
    sessions.end(value)
    expect(sessions.find(value)).toBeUndefined()
    const elsewhere = setUp(new Set(['https://another.example']))
    expect(elsewhere.sessions.find(elsewhere.sessions.begin(who, {}))).toBeUndefined()
  })
})

describe('a sign-in under way', () => {
  const pending = (startedAt: number, browser = 'b') => ({
    provider: 'corp',
    nonce: 'n',
    verifier: 'v',
    requestId: '',
    returnTo: '/',
    fresh: false,
    browser,
    startedAt,
  })

  it('is taken once, in time, by the browser that began it', () => {
    const all = new PendingSignIns()
    all.add('s', pending(NOW))
    expect(all.take('s', 'other', NOW)).toBeUndefined()
    expect(all.take('s', undefined, NOW)).toBeUndefined()
    expect(all.take('unknown', 'b', NOW)).toBeUndefined()
    expect(all.take('s', 'b', NOW)).toBeDefined()
    expect(all.take('s', 'b', NOW)).toBeUndefined()
    all.add('late', pending(NOW))
    expect(all.take('late', 'b', NOW + 11 * 60_000)).toBeUndefined()
  })

  it('does not pile up', () => {
    const all = new PendingSignIns()
    for (let i = 0; i <= 1000; i++) all.add(`s${i}`, pending(NOW))
    expect(all.take('s0', 'b', NOW)).toBeUndefined()
    expect(all.take('s1000', 'b', NOW)).toBeDefined()
  })
})
