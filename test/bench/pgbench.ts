/** pgbench, run and read. */
import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuMicroseconds } from './cpu.ts'
import type { Target } from './targets.ts'

export type Mode = 'simple' | 'extended' | 'prepared'

export interface Run {
  readonly tps: number
  /** CPU of the process between, microseconds a transaction (one statement each). Undefined for `direct` and where it cannot be read. */
  readonly cpu: number | undefined
}

export function findPgbench(): boolean {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** Select-only, for so many seconds. Throws what pgbench said if a single transaction failed. */
export async function runPgbench(target: Target, database: string, mode: Mode, clients: number, seconds: number): Promise<Run> {
  const before = cpuMicroseconds(target.pid)
  const { stdout, stderr } = await promisify(execFile)(
    'pgbench',
    [
      '-h',
      '127.0.0.1',
      '-p',
      String(target.port),
      '-U',
      target.user,
      '-S',
      '-n',
      '-M',
      mode,
      '-c',
      String(clients),
      '-j',
      String(Math.min(clients, 2)),
      '-T',
      String(seconds),
      database,
    ],
    { env: { ...process.env, PGPASSWORD: target.password, PGSSLMODE: 'disable', PGOPTIONS: '' } },
  )
  const after = cpuMicroseconds(target.pid)
  const tps = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
  const done = Number(/^number of transactions actually processed: (\d+)/m.exec(stdout)?.[1])
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(stdout)?.[1] ?? 0)
  if (!tps || !done || failed > 0) throw new Error(`pgbench through ${target.name} failed:\n${stdout}\n${stderr}`)
  return { tps, cpu: before === undefined || after === undefined ? undefined : (after - before) / done }
}

export async function fillPgbench(target: Target, database: string, scale: number): Promise<void> {
  await promisify(execFile)(
    'pgbench',
    ['-h', '127.0.0.1', '-p', String(target.port), '-U', target.user, '-i', '-q', '-s', String(scale), database],
    {
      env: { ...process.env, PGPASSWORD: target.password },
    },
  )
}
