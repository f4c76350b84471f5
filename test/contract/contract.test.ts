import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { calls, decisionRequestSchema, eventSchema, streamEventSchema } from '../../main/contract/index.ts'

const directory = join(import.meta.dirname, '../../main/contract')

test('a browser can bundle the contract: it imports zod, itself, and the list of verbs', () => {
  for (const name of readdirSync(directory)) {
    const imports = [...readFileSync(join(directory, name), 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1])
    for (const from of imports) expect(from, name).toMatch(/^(zod|\.\/[a-z-]+\.ts|\.\.\/\.\.\/proxy\/statement\/facts\.ts)$/)
  }
})

test('every kind of event and of stream message is one of a union, so that a page can close it', () => {
  expect(eventSchema.options.map((option) => option.shape.kind.value)).toEqual([
    'opened',
    'statement',
    'verdict',
    'asked',
    'answered',
    'untrusted',
    'sent',
    'rows',
    'finished',
    'note',
    'closed',
  ])
  expect(streamEventSchema.options.map((option) => option.shape.type.value)).toEqual([
    'approval',
    'session',
    'health',
    'agents',
    'configuration',
    'reset',
  ])
})

test('a decision takes what the contract’s table says, and nothing else', () => {
  expect(decisionRequestSchema.parse({ decision: 'approve' })).toEqual({ decision: 'approve', reason: '', reveal: false })
  expect(decisionRequestSchema.safeParse({ decision: 'approve', by: 'me' }).success).toBe(false)
  expect(decisionRequestSchema.safeParse({ decision: 'approve', reason: 'x'.repeat(2001) }).success).toBe(false)
})

test('no two calls stand at the same place', () => {
  const places = Object.values(calls).map((call) => `${call.method} ${call.path}`)
  expect(new Set(places).size).toBe(places.length)
})
