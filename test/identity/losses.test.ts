import { describe, expect, it } from 'vitest'
import { createMemoryRevocationStore, createRevocations } from '../../main/identity/revocations.ts'
import { rolesOf } from '../../main/identity/roles.ts'
import { createTokenSeal } from '../../main/identity/seal-token.ts'
import { createSetUp, lacksAdmin, SET_UP_ISSUER } from '../../main/identity/set-up.ts'
import { watchLive } from '../../main/identity/watch-live.ts'
import type { Identity, LiveSession } from '../../proxy/ports.ts'
import { configWith, NOW } from './memory-issuer.ts'
import { HOUR_MS, memorySessions } from './memory-sessions.ts'

const ISSUER = 'https://login.example'
const ada = {
  issuer: ISSUER,
  subject: 'ada',
  name: 'Ada',
  groups: ['dba', 'leads'],
  kind: 'person',
  client: undefined,
  expiresAt: 0,
  authTime: NOW,
} as const
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

describe('tokens of somebody who is gone', () => {
  it('count no more when they are older, and newer ones do', () => {
    let now = NOW
    const revocations = createRevocations(createMemoryRevocationStore(), { now: () => now })
    const held = (issuedAt: number | undefined, groups: readonly string[] = ['dba']) =>
      revocations.why({ issuer: ISSUER, subject: 'ada', groups, issuedAt })
    expect(held(NOW - 60_000)).toBeUndefined()
    revocations.revoke(ada, ['leads'])
    expect(held(NOW - 60_000)).toBeUndefined()
    expect(held(NOW - 60_000, ['dba', 'leads'])).toContain('no longer in leads')
    now += 5000
    revocations.revoke(ada, null)
    expect(held(NOW - 60_000)).toContain('ended the sign-in')
    expect(held(undefined)).toBeDefined()
    expect(held(NOW + 5000, ['leads'])).toBeUndefined()
    expect(revocations.why({ issuer: ISSUER, subject: 'ben', groups: ['leads'], issuedAt: 0 })).toBeUndefined()
  })
})

describe('a person’s sessions', () => {
  it('carry what the provider says now, in each of their browsers', () => {
    let told = 0
    const { sessions } = memorySessions()
    const laptop = sessions.begin(ada, { refreshToken: 'r1' })
    const phone = sessions.begin(ada, { refreshToken: 'r2', sid: 'at-phone' })
    const app = sessions.begin(ada, undefined)
    sessions.onChange(() => {
      told += 1
    })
    expect(sessions.people()).toMatchObject([{ subject: 'ada', refreshToken: 'r2', groups: ['dba', 'leads'] }])
    sessions.confirm(ada, { name: 'Ada', groups: ['dba'], verifiedEmail: 'ada@x.example' }, {})
    for (const cookie of [laptop, phone, app])
      expect(sessions.find(cookie)).toMatchObject({ groups: ['dba'], verifiedEmail: 'ada@x.example' })
    expect(told).toBe(1)
    // The refresh token stays good where no new one came.
    expect(sessions.people()[0]?.refreshToken).toBe('r2')
  })

  it('end one by one, or all of them, as the provider says', () => {
    const { sessions } = memorySessions()
    const laptop = sessions.begin(ada, { sid: 'one' })
    const phone = sessions.begin(ada, { sid: 'two' })
    const bens = sessions.begin({ ...ada, subject: 'ben' }, { sid: 'three' })
    expect(sessions.endOf(ISSUER, { subject: 'ben', sid: 'one' })).toBe(0)
    expect(sessions.endOf('https://other.example', { sid: 'one' })).toBe(0)
    expect(sessions.endOf(ISSUER, { sid: 'one' })).toBe(1)
    expect([laptop, phone, bens].map((cookie) => sessions.find(cookie)?.subject)).toEqual([undefined, 'ada', 'ben'])
    expect(sessions.endOf(ISSUER, { subject: 'ada' })).toBe(1)
    expect([phone, bens].map((cookie) => sessions.find(cookie)?.subject)).toEqual([undefined, 'ben'])
    expect(sessions.people()).toHaveLength(1)
  })

  it('end when their provider has said nothing for too long, and go on when it has', () => {
    let now = NOW
    const limits = { idleMs: 10 * HOUR_MS, absoluteMs: 12 * HOUR_MS, uncheckedMs: HOUR_MS }
    const { sessions } = memorySessions({ now: () => now, limits })
    const cookie = sessions.begin(ada, { refreshToken: 'r' })
    now += HOUR_MS - 1
    sessions.keep(ada, { refreshToken: 'r2' })
    expect(sessions.find(cookie)).toBeDefined()
    sessions.confirm(ada, ada, {})
    now += HOUR_MS - 1
    expect(sessions.find(cookie)).toBeDefined()
    now += 1
    expect(sessions.find(cookie)).toBeUndefined()
  })

  it('keep tokens unreadable, each for its own person', () => {
    const seal = createTokenSeal(Buffer.alloc(32, 1))
    const sealed = seal.seal('the-refresh-token', 'ada')
    expect(sealed.includes('the-refresh')).toBe(false)
    expect(seal.open(sealed, 'ada')).toBe('the-refresh-token')
    expect(seal.open(sealed, 'ben')).toBeUndefined()
    expect(createTokenSeal(Buffer.alloc(32, 2)).open(sealed, 'ada')).toBeUndefined()
    expect(seal.open(Buffer.alloc(5), 'ada')).toBeUndefined()
  })
})

describe('running sessions', () => {
  const agent: Identity = { ...ada, kind: 'agent', groups: ['ai-agents'], client: 'cursor', expiresAt: NOW + HOUR_MS }
  function live(who: Identity): LiveSession & { readonly told: string[] } {
    const told: string[] = []
    return {
      id: who.subject,
      connection: 'shop',
      who,
      startedAt: NOW,
      told,
      end: (why) => void told.push(`end: ${why}`),
      drain: (why) => void told.push(`drain: ${why}`),
    }
  }

  it('end when their identity has fallen or their agent is stopped, and others go on', async () => {
    const [gone, paused, fine] = [live({ ...agent, subject: 'gone' }), live({ ...agent, subject: 'paused' }), live(agent)]
    const watch = watchLive({
      live: () => [gone, paused, fine],
      identities: { fallen: async ({ subject }) => (subject === 'gone' ? 'the identity provider has ended its token' : undefined) },
      stopped: ({ subject }) => (subject === 'paused' ? 'all agents are paused by Lena' : undefined),
      afterExpiryMs: () => 0,
      clock: { now: () => NOW },
      log: silent,
    })
    await watch.round()
    watch.stop()
    expect(gone.told).toEqual(['end: the identity provider has ended its token; get a new token and connect again'])
    expect(paused.told).toEqual(['end: all agents are paused by Lena'])
    expect(fine.told).toEqual([])
  })

  it.each([
    ['half a minute after the expiry', 0, HOUR_MS + 30_000],
    ['after the time that is configured', 10 * 60_000, HOUR_MS + 10 * 60_000],
  ])('let a statement in flight finish, %s', async (_what, afterExpiry, at) => {
    let now = NOW + at - 1
    const session = live(agent)
    const watch = watchLive({
      live: () => [session],
      identities: { fallen: async () => undefined },
      stopped: () => undefined,
      afterExpiryMs: () => afterExpiry,
      clock: { now: () => now },
      log: silent,
    })
    watch.expire()
    expect(session.told).toEqual([])
    now += 1
    watch.expire()
    watch.stop()
    expect(session.told).toEqual(['drain: its token has expired; get a new token and connect again'])
  })
})

describe('before there is an admin', () => {
  it('the code is good once, however it is typed, and makes nobody with a role', () => {
    const setUp = createSetUp({ now: () => NOW }, true)
    expect(setUp.open).toBe(false)
    expect(setUp.redeem('')).toBeUndefined()
    const code = setUp.makeCode()
    expect(code).toMatch(/^([2-9A-Z]{5}-){3}[2-9A-Z]{5}$/)
    const who = setUp.redeem(` ${code.toLowerCase().replaceAll('-', '')} `)
    expect(who).toMatchObject({ issuer: SET_UP_ISSUER, kind: 'person', groups: [] })
    expect(who && rolesOf(who, { admin: ['leads'], approver: [], viewer: [] })).toEqual([])
    expect(setUp.redeem(code)).toBeUndefined()
    expect(setUp.open).toBe(false)
  })

  it('the code ends after a day, after twenty wrong ones, with a newer one, and with the first admin', () => {
    let now = NOW
    const setUp = createSetUp({ now: () => now }, true)
    const old = setUp.makeCode()
    const newer = setUp.makeCode()
    expect(setUp.redeem(old)).toBeUndefined()
    now += 24 * HOUR_MS
    expect(setUp.redeem(newer)).toBeUndefined()
    const guessed = setUp.makeCode()
    for (let i = 0; i < 20; i++) expect(setUp.redeem('AAAAA-AAAAA-AAAAA-AAAAA')).toBeUndefined()
    expect(setUp.redeem(guessed)).toBeUndefined()
    const last = setUp.makeCode()
    setUp.finish()
    expect(setUp.redeem(last)).toBeUndefined()
    expect(setUp.lasts).toBe(false)
  })

  it('is when there is nowhere to sign in or no group that gives the role', () => {
    const config = configWith()
    expect(lacksAdmin(config)).toBe(false)
    expect(lacksAdmin({ ...config, roles: { ...config.roles, admin: [] } })).toBe(true)
    expect(lacksAdmin({ ...config, identity: { ...config.identity, providers: [] } })).toBe(true)
  })
})
