import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ParseResult } from '@pgsql/types'
import { GatewayError } from '../errors.ts'
import { type Parsed, syntaxError, tooDeep } from './parse.ts'
import type { Answer } from './parse-worker.ts'

/** Parses on another thread. */
export interface ParserThread {
  parse(text: string): Promise<Parsed>
  close(): Promise<void>
}

interface Job {
  readonly id: number
  readonly text: string
  readonly done: (parsed: Parsed) => void
}

interface Hand {
  readonly worker: Worker
  ready: boolean
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
}

/**
 * Keeps `threads` workers ready. One that takes longer than `limitMs` or answers with anything but a tree or a syntax error is ended and
 * replaced, while the others go on: nobody waits for a restart but the statement that caused it.
 */
export async function startParserThread(limitMs: number, threads: number): Promise<ParserThread> {
  const file = new URL(`./parse-worker${extname(import.meta.url)}`, import.meta.url)
  const hands = new Set<Hand>()
  const queue: Job[] = []
  let ids = 0
  let closed = false

  function start(): Promise<void> {
    const worker = new Worker(file, { resourceLimits: { stackSizeMb: 64 }, execArgv: [] })
    worker.unref()
    const hand: Hand = { worker, ready: false, job: undefined, timer: undefined }
    hands.add(hand)
    return new Promise((resolve) => {
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'ready') {
          hand.ready = true
          resolve()
          next()
        } else take(hand, answer)
      })
      worker.on('error', (error) => replace(hand, broken(error.message)))
      worker.on('exit', () => {
        resolve()
        replace(hand, broken('the parser ended'))
      })
    })
  }

  function take(hand: Hand, answer: Exclude<Answer, { kind: 'ready' }>): void {
    const job = hand.job
    if (job === undefined || job.id !== answer.id) return
    if (answer.kind === 'broken') {
      replace(hand, { refused: tooDeep() })
      return
    }
    clearTimeout(hand.timer)
    hand.job = undefined
    if (answer.kind === 'tree') job.done({ tree: JSON.parse(answer.tree) as ParseResult })
    else job.done({ refused: answer.kind === 'deep' ? tooDeep() : syntaxError(answer.message, answer.cursor) })
    next()
  }

  /** Ends the worker, answers its statement, and starts another. */
  function replace(hand: Hand, answer: Parsed): void {
    if (!hands.delete(hand)) return
    clearTimeout(hand.timer)
    hand.job?.done(answer)
    void hand.worker.terminate()
    if (!closed) void start()
  }

  function next(): void {
    for (const hand of hands) {
      if (!hand.ready || hand.job !== undefined) continue
      const job = queue.shift()
      if (job === undefined) return
      hand.job = job
      hand.timer = setTimeout(() => replace(hand, { refused: tooSlow(limitMs) }), limitMs)
      hand.worker.postMessage({ id: job.id, text: job.text })
    }
  }

  await Promise.all(Array.from({ length: threads }, () => start()))
  return {
    parse: (text) =>
      new Promise((done) => {
        ids += 1
        queue.push({ id: ids, text, done })
        next()
      }),
    close: async () => {
      closed = true
      await Promise.all([...hands].map((hand) => hand.worker.terminate()))
    },
  }
}

function tooSlow(limitMs: number): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54000',
    message: `reading the statement took longer than ${limitMs} ms`,
    hint: 'Send it in smaller or less nested statements.',
  })
}

function broken(why: string): Parsed {
  return { refused: new GatewayError({ code: 'internal', sqlstate: 'XX000', message: `the statement could not be read: ${why}` }) }
}
