/** Very many connections that say nothing, and how others fare meanwhile. Both ends are in this process, each with its own descriptor. */
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { AGENT_TOKEN, type GatewayFixture } from '../helpers/gateway-fixture.ts'
import { Wire } from '../helpers/wire-client.ts'
import { settle } from '../memory/settle.ts'

export interface FloodResult {
  /** How long each of the others took from its connection to its answer, milliseconds. */
  readonly waits: readonly number[]
  /** Of the whole process, so of both ends, MiB. */
  readonly grownMiB: number
  /** Silent connections that were still open some seconds after the time that a login may take. */
  readonly left: number
  readonly faults: readonly string[]
}

const BURST = 500
const MOST_WAIT_MS = 60_000

/** As many connections as this process may hold both ends of, at most ten thousand. */
export function mostConnections(): number {
  const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return Math.min(10_000, Math.floor(((found === undefined ? 1_000 : Number(found)) - 500) / 2))
}

/** `loginTimeoutMs`: as the gateway has it. */
export async function floodHalfOpen(fixture: GatewayFixture, connections: number, loginTimeoutMs: number): Promise<FloodResult> {
  await settle(process.pid)
  const open = new Set<net.Socket>()
  const before = process.memoryUsage().rss
  let most = before
  const waits: number[] = []
  const faults: string[] = []
  for (let opened = 0, step = 0; opened < connections; step++) {
    for (let i = 0; i < BURST && opened < connections; i++, opened++) {
      const socket = net.connect({ port: fixture.port, host: '127.0.0.1', localAddress: `127.0.${step % 200}.1` })
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(socket))
      socket.resume()
    }
    await new Promise((resolve) => setTimeout(resolve, 150))
    most = Math.max(most, process.memoryUsage().rss)
    if (step % 4 !== 2) continue
    const started = Date.now()
    const fault = await serve(fixture)
    if (fault !== undefined) faults.push(fault)
    waits.push(Date.now() - started)
  }
  for (const deadline = Date.now() + loginTimeoutMs + 10_000; open.size > 0 && Date.now() < deadline; )
    await new Promise((resolve) => setTimeout(resolve, 50))
  const left = open.size
  for (const socket of open) socket.destroy()
  return { waits, grownMiB: Math.round((most - before) / (1 << 20)), left, faults }
}

/** Somebody else logs in and asks, from another machine's address, as far as the gateway can see. Undefined: served. */
async function serve(fixture: GatewayFixture): Promise<string | undefined> {
  const socket = net.connect({ port: fixture.port, host: '127.0.0.1', localAddress: '127.0.0.77' })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const wire = new Wire(socket)
  try {
    const refused = await wire.login({ password: AGENT_TOKEN })
    if (refused !== undefined) return `the login of another was refused: ${refused['M']}`
    const { text } = await wire.query('SELECT 1', MOST_WAIT_MS)
    return text[0]?.[0] === '1' ? undefined : 'the query of another was not answered'
  } finally {
    wire.destroy()
  }
}
