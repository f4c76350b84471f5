import { describe, expect, it } from 'vitest'
import { type Expectation, onReply, type ReplyKind, ReplyQueue } from '../../proxy/reply/expected.ts'

const code = (letter: string) => letter.charCodeAt(0)

describe('what a reply means while something is owed', () => {
  const cases: [ReplyKind, string, string][] = [
    ['parse', '1', 'last'],
    ['parse', '2', 'out-of-sync'],
    ['bind', '2', 'last'],
    ['bind', 'D', 'out-of-sync'],
    ['close', '3', 'last'],
    ['describe', 't', 'more'],
    ['describe', 'T', 'last'],
    ['describe', 'n', 'last'],
    ['describe', 'C', 'out-of-sync'],
    ['execute', 'D', 'more'],
    ['execute', 'T', 'out-of-sync'],
    ['execute', 'C', 'last'],
    ['execute', 'I', 'last'],
    ['execute', 's', 'last'],
    ['execute', 'G', 'more'],
    ['execute', 'd', 'more'],
    ['execute', 'Z', 'out-of-sync'],
    ['query', 'T', 'more'],
    ['query', 'C', 'more'],
    ['query', 'Z', 'last'],
    ['query', 's', 'out-of-sync'],
    ['query', '1', 'out-of-sync'],
    ['sync', 'Z', 'last'],
    ['sync', 'D', 'out-of-sync'],
    ['abort', 'C', 'out-of-sync'],
    ['abort', 'D', 'out-of-sync'],
  ]
  it.each(cases)('%s, %s: %s', (head, letter, step) => {
    expect(onReply(head, code(letter))).toBe(step)
  })

  it.each(['N', 'S', 'A'])('%s may come at any time, also when nothing is owed', (letter) => {
    expect(onReply(undefined, code(letter))).toBe('async')
    expect(onReply('query', code(letter))).toBe('async')
  })

  it('takes nothing but errors and asynchronous messages when nothing is owed', () => {
    expect(onReply(undefined, code('E'))).toBe('error')
    for (const letter of ['D', 'T', 'C', 'Z', '1', '2', '3', 'W', 'V', 'R', 'K', 'x'])
      expect(onReply(undefined, code(letter))).toBe('out-of-sync')
  })

  it('never knows CopyBothResponse or FunctionCallResponse', () => {
    for (const head of ['query', 'execute', 'parse', 'sync'] as const) {
      expect(onReply(head, code('W'))).toBe('out-of-sync')
      expect(onReply(head, code('V'))).toBe('out-of-sync')
    }
  })
})

describe('ReplyQueue', () => {
  const owe = (kind: ReplyKind): Expectation => ({ kind })

  it('drops what the server skips after an error, and keeps the Sync', () => {
    const queue = new ReplyQueue<Expectation>()
    for (const kind of ['parse', 'bind', 'execute', 'sync', 'parse'] as const) queue.push(owe(kind))
    expect(queue.skipToSync().map((item) => item.kind)).toEqual(['parse', 'bind', 'execute'])
    expect(queue.head?.kind).toBe('sync')
    expect(queue.length).toBe(2)
  })

  it('skips a Query too: after an error only Sync ends it', () => {
    const queue = new ReplyQueue<Expectation>()
    for (const kind of ['parse', 'query', 'sync'] as const) queue.push(owe(kind))
    queue.skipToSync()
    expect(queue.head?.kind).toBe('sync')
  })

  it('keeps its order over many thousands', () => {
    const queue = new ReplyQueue<Expectation & { n: number }>()
    let next = 0
    for (let n = 0; n < 10_000; n++) {
      queue.push({ kind: 'sync', n })
      if (n % 3 !== 0) expect(queue.shift()?.n).toBe(next++)
    }
    while (queue.length > 0) expect(queue.shift()?.n).toBe(next++)
    expect(next).toBe(10_000)
    expect(queue.shift()).toBeUndefined()
  })
})
