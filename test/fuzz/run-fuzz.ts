/** Spoiled conversations from clients and from a hostile server, against a real one. Repeatable by its seed, but for the network's timing. */
import net from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import * as m from '../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../helpers/gateway-fixture.ts'
import type { PolicyLiteral } from '../helpers/policy-literal.ts'
import { type RandomSource, randomSource } from '../helpers/random.ts'
import { startCheckingRelay } from './checking-relay.ts'
import { conversation } from './conversations.ts'
import { mutate, strayServerMessage } from './mutate.ts'

export interface FuzzResult {
  readonly conversations: number
  /** Bytes that reached the server in sessions. */
  readonly checkedBytes: number
  readonly grownMiB: number
  /** Longest that the event loop was busy, in milliseconds. */
  readonly longestTurn: number
  /** What must not be: a crash, a session that stays, a byte without a clearance. */
  readonly faults: readonly string[]
}

const POLICY: PolicyLiteral = {
  rules: [
    { effect: 'deny', tables: ['public.orders'] },
    { effect: 'ask', uses: ['pii'] },
    { effect: 'allow', statements: ['read', 'write', 'session', 'transaction'] },
  ],
  sensitive: [{ label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] }],
  patterns: [{ name: 'credit_card', mask: 'partial' }],
}
const AT_ONCE = 6

export async function runFuzz(options: { readonly seconds: number; readonly seed: number }): Promise<FuzzResult> {
  const faults: string[] = []
  const onCrash = (error: unknown) =>
    faults.push(`an error that nobody caught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.on('uncaughtException', onCrash)
  process.on('unhandledRejection', onCrash)
  let target = 0
  const servers = randomSource(options.seed ^ 0x5eed)
  const relay = await startCheckingRelay({ target: () => target, spoiler: () => (servers.below(3) === 0 ? spoilerOf(servers) : undefined) })
  const fixture = await startGateway({
    policy: POLICY,
    postgres: { auth: 'trust' },
    upstream: { port: relay.port },
    gateway: { loginTimeoutMs: 10_000 },
    limits: { statementTimeoutMs: 3_000 },
  })
  target = fixture.postgres.port
  const turns = monitorEventLoopDelay()
  let conversations = 0
  try {
    await checkServes(fixture)
    turns.enable()
    const before = held()
    const until = Date.now() + options.seconds * 1000
    const worker = async (number: number) => {
      for (let round = 0; Date.now() < until && faults.length < 5; round++) {
        await settled(relay)
        await hold(fixture, randomSource((options.seed + number * 1_000_003 + round * 7919) >>> 0))
        conversations++
        if (number > 0) continue
        // Nobody looks at the record here, and it is kept in memory.
        fixture.recorder.events.length = 0
        if (round % 25 === 24)
          await checkServes(fixture).catch((error: unknown) => faults.push(`does not serve any more: ${String(error)}`))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => worker(number)))
    const deadline = Date.now() + 15_000
    while (fixture.gateway.live().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50))
    if (fixture.gateway.live().length > 0) faults.push(`${fixture.gateway.live().length} sessions stay although their clients are gone`)
    return result(before)
  } finally {
    turns.disable()
    process.off('uncaughtException', onCrash)
    process.off('unhandledRejection', onCrash)
    await fixture.stop()
    relay.stop()
  }

  function result(before: number): FuzzResult {
    return {
      conversations,
      checkedBytes: relay.checked,
      grownMiB: Math.round((held() - before) / (1 << 20)),
      longestTurn: Math.round(turns.max / 1e6),
      faults: [...faults, ...relay.faults, ...internals(fixture)],
    }
  }
}

/** A client that leaves at once leaves the server a process to start and to end: on a busy machine it would fall behind for good. */
async function settled(relay: { readonly open: number }): Promise<void> {
  const deadline = Date.now() + 30_000
  while (relay.open > 4 * AT_ONCE && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** What is really kept: the resident set also counts what is free but not given back. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The gateway's own log of what it did not expect of itself. */
function internals(fixture: GatewayFixture): string[] {
  const causes = fixture.logged
    .filter(({ fields }) => fields['code'] === 'internal')
    .map(({ event, fields }) => `${event}: ${String(fields['message'])} ${String(fields['cause']).slice(0, 600)}`)
  return [...new Set(causes)]
}

function spoilerOf(random: RandomSource): (chunk: Buffer) => Buffer {
  return (chunk) => {
    switch (random.below(6)) {
      case 0:
        return mutate(random, chunk)
      case 1:
        return Buffer.concat([strayServerMessage(random), chunk])
      case 2:
        return Buffer.concat([chunk, strayServerMessage(random)])
      default:
        return chunk
    }
  }
}

/** One client: logs in (spoiled now and then), talks, and leaves. */
async function hold(fixture: GatewayFixture, random: RandomSource): Promise<void> {
  const socket = net.connect(fixture.port, '127.0.0.1')
  let last = Date.now()
  let closed = false
  socket.on('error', () => undefined)
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', () => {
    last = Date.now()
  })
  const login = Buffer.concat([
    m.startup({ user: 'agent', database: 'shop' }, random.pick([m.PROTOCOL_3_0, m.PROTOCOL_3_2])),
    m.password(AGENT_TOKEN),
  ])
  let talk: Buffer = Buffer.concat(conversation(random))
  if (random.below(3) > 0) for (let i = random.below(3); i >= 0; i--) talk = mutate(random, talk)
  const bytes = Buffer.concat([random.below(12) === 0 ? mutate(random, login) : login, talk])
  const largest = random.pick([3, 20, 500, 100_000])
  for (let at = 0; at < bytes.length && !closed; ) {
    const size = 1 + random.below(Math.min(largest, bytes.length - at))
    socket.write(bytes.subarray(at, at + size))
    at += size
    if (largest < 100 || random.below(2)) await new Promise((resolve) => setImmediate(resolve))
  }
  if (random.below(3) === 0) socket.write(m.terminate())
  const deadline = Date.now() + 4_000
  while (!closed && Date.now() - last < 60 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 15))
  if (random.below(2)) socket.destroy()
  else socket.end()
  // One that does not read to the end is gone for good soon.
  setTimeout(() => socket.destroy(), 500).unref()
}

/** An honest client beside all that. The server may be spoiled for it too, so it tries some times. */
async function checkServes(fixture: GatewayFixture): Promise<void> {
  let last: unknown
  for (let attempt = 0; attempt < 12; attempt++) {
    try {
      const wire = await fixture.through()
      try {
        const { text } = await wire.query('SELECT 6 * 7', 5_000)
        if (text[0]?.[0] === '42') return
        last = `answered ${JSON.stringify(text)}`
      } finally {
        wire.destroy()
      }
    } catch (error) {
      last = error
    }
  }
  throw last
}
