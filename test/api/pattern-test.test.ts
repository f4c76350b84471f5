import { expect, test } from 'vitest'
import { apiFixture } from './fixture.ts'

const test4 = { text: 'é pay with 4111 1111 1111 1111, badge EMP-204711', patterns: [] as unknown[] }

test('patterns are tried by the gateway’s own search, and places count as a browser counts', async () => {
  const api = apiFixture()
  const patterns = [
    { name: 'credit_card', mask: 'partial' },
    { name: 'staff_id', regex: 'EMP-[0-9]{6}', mask: 'token' },
  ]
  const answer = await api.call('viewer', 'POST', '/api/masking/patterns/test', { ...test4, patterns })
  expect(answer.status).toBe(200)
  const { hits } = (await answer.json()) as { hits: { start: number; end: number; pattern: string; replacement: string }[] }
  expect(hits.map(({ start, end, pattern }) => [pattern, test4.text.slice(start, end)])).toEqual([
    ['credit_card', '4111 1111 1111 1111'],
    ['staff_id', 'EMP-204711'],
  ])
  expect(hits[0]?.replacement).toContain('1111')
})

test('no token of the team’s own can be learnt: it is another one each time', async () => {
  const api = apiFixture()
  const ask = async () => {
    const patterns = [{ name: 'staff_id', regex: 'EMP-[0-9]{6}', mask: 'token' }]
    const answer = await api.call('viewer', 'POST', '/api/masking/patterns/test', { ...test4, patterns })
    return ((await answer.json()) as { hits: { replacement: string }[] }).hits[0]?.replacement
  }
  const first = await ask()
  expect(first).toBeTypeOf('string')
  expect(await ask()).not.toBe(first)
})

test('a pattern that cannot be read is said, kindly', async () => {
  const api = apiFixture()
  const answer = await api.call('viewer', 'POST', '/api/masking/patterns/test', {
    ...test4,
    patterns: [{ name: 'broken', regex: '(a', mask: 'redact' }],
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('A pattern cannot be used')
})
