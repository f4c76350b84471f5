import { expect, onTestFinished, test, vi } from 'vitest'
import { ApiProblem } from '../../main/api/api-problem.ts'
import { createRateLimits, type RateLimit } from '../../main/api/rate-limits.ts'
import { apiFixture } from './fixture.ts'

let now = 1_000_000
const take = (limits: ReturnType<typeof createRateLimits>, limit: RateLimit, key = 'a'): ApiProblem | undefined => {
  try {
    limits.take(limit, key)
    return undefined
  } catch (cause) {
    if (cause instanceof ApiProblem) return cause
    throw cause
  }
}

test('what is over the limit is told when to come back, and then may', async () => {
  const limits = createRateLimits({ now: () => now })
  let taken = 0
  while (take(limits, 'signIn') === undefined) taken += 1
  expect(taken).toBe(30)
  const problem = take(limits, 'signIn')?.toResponse()
  expect(problem?.status).toBe(429)
  expect(problem?.headers.get('retry-after')).toBe('2')
  expect(take(limits, 'signIn', 'another')).toBeUndefined()
  now += 2000
  expect(take(limits, 'signIn')).toBeUndefined()
  expect(take(limits, 'signIn')?.status).toBe(429)
})

test('a clock that is set back, or far forward, gives no more than the burst', () => {
  const limits = createRateLimits({ now: () => now })
  while (take(limits, 'heavy') === undefined);
  now -= 10_000_000
  expect(take(limits, 'heavy')?.status).toBe(429)
  now += 1e12
  let taken = 0
  while (take(limits, 'heavy') === undefined) taken += 1
  expect(taken).toBe(20)
})

test('memory is bounded: ten thousand addresses, not all that ever came', () => {
  const limits = createRateLimits({ now: () => now })
  while (take(limits, 'signIn', 'first') === undefined);
  for (let i = 0; i < 10_001; i += 1) limits.take('signIn', `other ${i}`)
  expect(take(limits, 'signIn', 'first')).toBeUndefined()
})

test('one person’s calls are limited, another’s are not', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const api = apiFixture()
  const statuses: number[] = []
  for (let i = 0; i < 320; i += 1) statuses.push((await api.call('viewer', 'GET', '/api/me')).status)
  expect(new Set(statuses.slice(0, 300))).toEqual(new Set([200]))
  expect(statuses).toContain(429)
  const refused = await api.call('viewer', 'GET', '/api/me')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await api.call('approver', 'GET', '/api/me')).status).toBe(200)
})
