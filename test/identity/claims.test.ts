import { describe, expect, it } from 'vitest'
import { identityOf } from '../../main/identity/claims.ts'
import { decideUntil, recentSignIn } from '../../main/identity/recent-sign-in.ts'
import { rolesOf } from '../../main/identity/roles.ts'
import { TokenCache } from '../../main/identity/token-cache.ts'
import { claimsOf, configWith, NOW } from './memory-issuer.ts'

const config = configWith()
const identity = (changes: Record<string, unknown>, provider: Record<string, unknown> = {}) =>
  identityOf(claimsOf(changes), configWith([provider]).identity.providers[0]!)

describe('who is an agent', () => {
  it.each([
    ['a listed program by azp', { azp: 'cursor-agent' }, 'agent'],
    ['a listed program by client_id', { azp: undefined, client_id: 'cursor-agent' }, 'agent'],
    ['a listed program in client_id while azp says another', { azp: 'desk', client_id: 'cursor-agent' }, 'agent'],
    ['a program that is its own subject (client credentials)', { sub: 'etl', azp: 'etl' }, 'agent'],
    ['a subject that is a listed program', { sub: 'cursor-agent', azp: undefined }, 'agent'],
    ['a person with another program', { azp: 'desk' }, 'person'],
    ['a person without a program', { azp: undefined }, 'person'],
  ])('%s', (_what, changes, kind) => {
    expect(identity(changes).kind).toBe(kind)
  })

  it('an agent never has a role, whatever groups it carries', () => {
    const agent = identity({ azp: 'cursor-agent', groups: ['leads', 'dba', 'engineering'] })
    expect(agent.groups).toEqual(['leads', 'dba', 'engineering'])
    expect(rolesOf(agent, config.roles)).toEqual([])
  })
})

describe('groups and roles', () => {
  it.each([
    ['a list', ['a', 'b'], ['a', 'b']],
    ['one text', 'a', ['a']],
    ['a text with a space is one group', 'a b', ['a b']],
    ['nothing', undefined, []],
    ['null', null, []],
    ['a number', 7, []],
    ['texts among others', ['a', 7, null, '', 'a'], ['a']],
  ])('%s', (_what, groups, expected) => {
    expect(identity({ groups }).groups).toEqual(expected)
  })

  it('may lie inside another claim', () => {
    const nested = { claims: { name: 'name', groups: 'realm_access.roles' } }
    expect(identity({ realm_access: { roles: ['dba'] } }, nested).groups).toEqual(['dba'])
    expect(identity({ 'realm_access.roles': ['flat'] }, nested).groups).toEqual(['flat'])
    expect(identity({ realm_access: 'dba' }, nested).groups).toEqual([])
  })

  it('a person has the roles of their groups, and none without', () => {
    expect(rolesOf(identity({ groups: ['dba'] }), config.roles)).toEqual(['approver'])
    expect(rolesOf(identity({ groups: ['engineering', 'leads'] }), config.roles)).toEqual(['admin', 'viewer'])
    expect(rolesOf(identity({ groups: ['DBA', 'approver'] }), config.roles)).toEqual([])
  })

  it('the name is for reading: one line, never empty', () => {
    expect(identity({ name: 'A\u202eda\n' }).name).toBe('Ada')
    expect(identity({ name: undefined, preferred_username: 'ada' }).name).toBe('ada')
    expect(identity({ name: '\n' }).name).toBe('u-17')
    expect(identity({ name: 7 }).name).toBe('u-17')
  })
})

describe('a recent sign-in', () => {
  const window = 15 * 60_000
  it.each([
    ['a minute ago', NOW - 60_000, true],
    ['just within', NOW - window + 1, true],
    ['just past', NOW - window, false],
    ['never said', undefined, false],
    ['a little ahead, as clocks are', NOW + 20_000, true],
    ['in the future', NOW + 3_600_000, false],
  ])('%s', (_what, authTime, fresh) => {
    expect(recentSignIn(authTime, window, NOW)).toBe(fresh)
  })

  it('says until when', () => {
    expect(decideUntil(NOW - 60_000, window, NOW)).toBe(NOW - 60_000 + window)
  })
})

describe('the memory of proved tokens', () => {
  it('drops the least recently used, and what has expired', () => {
    const cache = new TokenCache(2)
    const who = identity({})
    cache.keep('a', who)
    cache.keep('b', who)
    expect(cache.find('a', NOW)).toBe(who)
    cache.keep('c', who)
    expect(cache.find('b', NOW)).toBeUndefined()
    expect(cache.find('a', NOW)).toBe(who)
    expect(cache.find('c', who.expiresAt)).toBeUndefined()
    expect(cache.size).toBe(1)
  })
})
