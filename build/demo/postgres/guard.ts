/**
 * The server's own small parent, in a session of its own: Ctrl-C in the terminal does not reach PostgreSQL before the gateway has drained, and when
 * the demo dies, however hard, the channel to it closes and the server is stopped. Forked by `server.ts`; never imported.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'

export interface GuardOrder {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
  readonly log: string
}

export type GuardReport = { readonly event: 'started'; readonly pid: number } | { readonly event: 'ended'; readonly code: number | null }

/** After SIGINT ("fast": connections are cut, the files are left clean) comes SIGQUIT. */
const FAST_MS = 8000

let server: ChildProcess | undefined

process.on('message', (message: GuardOrder | 'stop') => {
  if (message === 'stop') stop()
  else if (server === undefined) start(message)
})
process.on('disconnect', stop)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

function start(order: GuardOrder): void {
  const log = openSync(order.log, 'a')
  server = spawn(order.program, order.args, {
    ...(order.owner ?? {}),
    cwd: order.cwd,
    stdio: ['ignore', log, log],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  })
  if (server.pid !== undefined) report({ event: 'started', pid: server.pid })
  server.on('error', () => end(null))
  server.on('exit', end)
}

function stop(): void {
  if (server === undefined) process.exit(0)
  server.kill('SIGINT')
  setTimeout(() => server?.kill('SIGQUIT'), FAST_MS).unref()
}

function end(code: number | null): void {
  if (!process.connected) process.exit(0)
  process.send?.({ event: 'ended', code } satisfies GuardReport, () => process.exit(0))
}

function report(message: GuardReport): void {
  if (process.connected) process.send?.(message)
}
