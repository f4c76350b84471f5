/** What is measured against what: the server itself, the bare relay, and the gateway with everything on. */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type ConfigLiteral, examplePolicies, writeConfig } from '../helpers/host-config.ts'
import { type HostProcess, startHostProcess } from '../helpers/host-process.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { startIssuer } from '../helpers/provider.ts'

export interface Target {
  readonly name: 'direct' | 'relay' | 'gateway'
  readonly port: number
  /** Undefined for `direct`: the server's own work is not what is compared. */
  readonly pid: number | undefined
  readonly user: string
  readonly password: string
}

export interface Bench {
  readonly postgres: Postgres
  /** The gateway with everything on, patterns too. */
  readonly targets: readonly Target[]
  /** The same, but for a gateway whose configuration has no patterns: they hold for every connection of a host. */
  readonly withoutPatterns: readonly Target[]
  stop(): Promise<void>
}

/** Databases on the server, each a connection of the gateway with other masks on it. */
export const CONNECTIONS = {
  /** pgbench's tables, the masks and patterns of the contract's example. */
  bench: 'bench',
  plain: 'wide_plain',
  masked: 'wide_masked',
  patterns: 'wide_patterns',
} as const

export async function startBench(): Promise<Bench> {
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB', max_connections: '300' } })
  for (const database of Object.values(CONNECTIONS)) await postgres.query(`CREATE DATABASE ${database}`)
  const issuer = await startIssuer()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-bench-'))
  const limits = { statementTimeout: '10m', rows: 1_000_000_000, resultBytes: '100GiB', connectionsPerPerson: 300 }
  const names = Object.values(CONNECTIONS)
  const literal = {
    issuer: issuer.issuer,
    connections: names.map((name) => ({ name, database: name, port: postgres.port, limits })),
    policies: examplePolicies(names),
    sensitive: [
      {
        connection: CONNECTIONS.bench,
        label: 'pii',
        mask: 'redact',
        columns: ['public.pgbench_tellers.filler', 'public.pgbench_history.filler'],
      },
      { connection: CONNECTIONS.masked, label: 'pii', mask: 'redact', columns: ['public.wide.ssn', 'public.wide.card'] },
    ],
  }
  const patterns = ['credit_card', 'ssn', 'api_key'].map((name) => ({ name, mask: 'redact' }))
  const start = async (name: string, config: ConfigLiteral): Promise<HostProcess> => {
    const home = path.join(folder, name)
    fs.mkdirSync(home)
    return startHostProcess(writeConfig(home, config), path.join(home, 'data'))
  }
  const relay = await startRelay(postgres.port)
  const gateway = await start('patterns', { ...literal, patterns })
  const plain = await start('plain', literal)
  const token = await issuer.mint({ expiresIn: 24 * 3600 })
  const superuser = { user: postgres.user, password: postgres.password }
  const against = ({ proxyPort, pid }: HostProcess): Target[] => [
    { name: 'direct', port: postgres.port, pid: undefined, ...superuser },
    { name: 'relay', port: relay.port, pid: relay.child.pid, ...superuser },
    { name: 'gateway', port: proxyPort, pid, user: 'agent', password: token },
  ]
  return {
    postgres,
    targets: against(gateway),
    withoutPatterns: against(plain),
    stop: async () => {
      relay.child.stdin?.end()
      await Promise.all([gateway.stop(), plain.stop()])
      await issuer.stop()
      await postgres.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startRelay(target: number): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'relay.ts'), String(target)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the relay ended with code ${code}`)))
    child.stdout.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { port: number }).port))
  })
  return { port, child }
}
