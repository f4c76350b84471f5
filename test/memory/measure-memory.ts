/** The host in a process of its own, and what the system says of its memory while much goes through it. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { residentMiB } from '../bench/cpu.ts'
import * as m from '../helpers/encode.ts'
import { examplePolicies, writeConfig } from '../helpers/host-config.ts'
import { startHostProcess } from '../helpers/host-process.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { startIssuer } from '../helpers/provider.ts'
import { Wire } from '../helpers/wire-client.ts'
import { settle } from './settle.ts'

export interface MemoryPlan {
  readonly rows: number
  readonly sessions: number
  /** Bytes of one value. */
  readonly value: number
}

/** MiB that the resident memory grew by, at its highest. */
export interface MemoryResult {
  readonly rows: number
  readonly sessions: number
  readonly value: number
  /** What each was over, as a sentence. */
  readonly faults: readonly string[]
}

export const MOST_MIB = 60
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

export async function measureMemory(plan: MemoryPlan): Promise<MemoryResult> {
  const postgres = await startPostgres({ settings: { max_connections: String(plan.sessions + 50) }, sql: 'CREATE DATABASE shop' })
  const issuer = await startIssuer()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-memory-'))
  const limits = { statementTimeout: '30m', rows: 1_000_000_000, resultBytes: '100GiB', connectionsPerPerson: plan.sessions + 20 }
  const config = writeConfig(folder, {
    issuer: issuer.issuer,
    connections: [{ name: 'shop', port: postgres.port, limits }],
    policies: examplePolicies(['shop']),
    sensitive: [{ connection: 'shop', label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] }],
  })
  const host = await startHostProcess(config, path.join(folder, 'data'))
  const wires: Wire[] = []
  try {
    const token = await issuer.mint({ expiresIn: 24 * 3600 })
    const open = async (): Promise<Wire> => {
      const wire = await Wire.login({ port: host.proxyPort }, { password: token })
      wires.push(wire)
      return wire
    }
    const run = (wire: Wire, sql: string) => wire.discardUntil(READY, () => wire.send(m.query(sql)), 30 * 60_000)
    const grown = async (work: () => Promise<unknown>): Promise<number> => {
      const before = residentMiB(host.pid) ?? 0
      let highest = before
      const timer = setInterval(() => {
        highest = Math.max(highest, residentMiB(host.pid) ?? 0)
      }, 100)
      await work()
      clearInterval(timer)
      return Math.max(highest, residentMiB(host.pid) ?? 0) - before
    }
    const faults: string[] = []
    const worker = await open()
    // Compiled code and first buffers are not what grows with the result.
    const series = (rows: number) => `SELECT i, 'row number ' || i FROM generate_series(1, ${rows}) i`
    const many = (rows: number) => run(worker, series(rows))
    await many(Math.min(300_000, plan.rows))
    await settle(host.pid)
    const whole = async (what: string, tag: string, tail: Promise<Buffer>) => {
      if (!(await tail).toString('latin1').includes(tag)) faults.push(`${what} did not come to its end`)
    }
    const rows = await grown(() => whole('the rows', `SELECT ${plan.rows}`, many(plan.rows)))
    const value = await grown(() => whole('the value', 'SELECT 1', run(worker, `SELECT repeat('x', ${plan.value})`)))
    const sessions = await grown(async () => {
      for (let i = 0; i < plan.sessions; i++) await open()
    })
    for (const [what, mib] of Object.entries({ rows, value, sessions })) if (mib >= MOST_MIB) faults.push(`${what}: ${mib} MiB`)
    return { rows, sessions, value, faults }
  } finally {
    for (const wire of wires) wire.destroy()
    await host.stop()
    await issuer.stop()
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
