import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { GuardOrder, GuardReport } from './guard.ts'
import type { Place } from './place.ts'

export interface RunningServer {
  readonly pid: number
  /** Resolves when the server ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Stops it and waits until it is gone. */
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly port: number
  /** What the server says goes here. */
  readonly log: string
}

const START_MS = 30_000

/** Starts the server behind its guard and waits until it takes connections. Throws with the end of its log when it does not. */
export async function startServer(place: Place, { port, log }: ServerOptions): Promise<RunningServer> {
  await stopLeftover(place)
  // Beside this file, whether it runs as TypeScript or as what was built from it.
  const guard = fork(fileURLToPath(new URL(`guard${path.extname(fileURLToPath(import.meta.url))}`, import.meta.url)), [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const order: GuardOrder = {
    program: place.programs.postgres,
    args: ['-D', place.data, '-p', String(port)],
    cwd: place.data,
    owner: place.user === undefined ? undefined : { uid: place.user.uid, gid: place.user.gid },
    log,
  }
  let gone = false
  let pid = 0
  const ended = new Promise<void>((resolve) => {
    guard.once('exit', () => {
      gone = true
      resolve()
    })
  })
  guard.on('message', (message: GuardReport) => {
    if (message.event === 'started') pid = message.pid
  })
  guard.send(order)

  const until = Date.now() + START_MS
  while (!isReady(place, pid)) {
    if (gone || Date.now() > until) {
      guard.kill('SIGTERM')
      throw new Error(`PostgreSQL did not start. Its log ends with:\n${endOf(log)}`)
    }
    await wait(20)
  }
  return {
    pid,
    ended: ended.then(() => stopLeftover(place)),
    async stop() {
      if (guard.connected) guard.send('stop')
      await ended
      await stopLeftover(place)
    },
  }
}

const pidFile = (place: Place): string => path.join(place.data, 'postmaster.pid')

/** The eighth line of postmaster.pid tells the state. */
function isReady(place: Place, pid: number): boolean {
  if (pid === 0 || !existsSync(pidFile(place))) return false
  const lines = readFileSync(pidFile(place), 'utf8').split('\n')
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/** Stops a server of this data directory that nobody guards any more (its guard was killed, say). */
export async function stopLeftover(place: Place): Promise<void> {
  if (!existsSync(pidFile(place))) return
  const pid = Number(readFileSync(pidFile(place), 'utf8').split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1 || !isServerOf(pid, place.data)) return
  process.kill(pid, 'SIGINT')
  const until = Date.now() + 10_000
  while (isServerOf(pid, place.data) && Date.now() < until) await wait(50)
  if (isServerOf(pid, place.data)) process.kill(pid, 'SIGKILL')
}

/** Only where /proc tells: elsewhere PostgreSQL itself refuses to start twice on the same files. */
function isServerOf(pid: number, data: string): boolean {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return path.basename(args[0] ?? '').startsWith('postgres') && args.includes(data)
  } catch {
    return false
  }
}

function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '(no log)'
}
