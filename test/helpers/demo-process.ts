/** The whole demo in processes of its own, as `npm run demo` starts it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

export interface DemoProcess {
  /** Its process group. */
  readonly pid: number
  /** Everything printed so far. */
  output(): string
  /** Resolves when this is in the output; throws with all of it when the demo ends before. */
  until(text: string, waitMs?: number): Promise<void>
  /** To the process group, as Ctrl-C in a terminal does. */
  signal(name: NodeJS.Signals): void
  readonly exit: Promise<number | null>
}

const root = path.resolve(import.meta.dirname, '../..')

/** From the sources, so that no build is needed. `folder` is for its data. */
export function startDemo(folder: string, portBase: number, more: readonly string[] = []): DemoProcess {
  const args = [path.join(root, 'build/demo/main.ts'), '--data', folder, '--port-base', String(portBase), ...more]
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SALLYPORT_ROOT: root },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  let ended = false
  void exit.then(() => {
    ended = true
  })
  const pid = child.pid ?? 0
  return {
    pid,
    output: () => output,
    exit,
    signal: (name) => process.kill(-pid, name),
    async until(text, waitMs = 90_000) {
      const late = Date.now() + waitMs
      while (!output.includes(text)) {
        if (ended || Date.now() > late) throw new Error(`"${text}" never came from the demo:\n${output}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}

/** A folder that the database's own user can enter. */
export function makeDemoFolder(): { readonly folder: string; remove(): void } {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'sallyport-demo-test-'))
  execFileSync('chmod', ['755', parent])
  return { folder: path.join(parent, 'demo'), remove: () => rmSync(parent, { recursive: true, force: true }) }
}

/** Four ports in a row that are free now. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = 20_000 + Math.floor(Math.random() * 12_000)
    const servers = await Promise.all([0, 1, 2, 3].map((at) => listen(base + at)))
    await Promise.all(servers.map((server) => server && new Promise((resolve) => server.close(resolve))))
    if (servers.every((server) => server !== undefined)) return base
  }
  throw new Error('no four free ports in a row')
}

export function listen(port: number): Promise<net.Server | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server))
  })
}

/** Processes whose command line names this folder: the server, above all. Only where /proc tells. */
export function processesOf(folder: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(folder) && !line.includes(' ps '))
}

/** The connect line's URL. */
export function urlOf(output: string): string {
  const url = /^psql "(postgresql:[^"]+)"$/m.exec(output)?.[1]
  if (url === undefined) throw new Error(`no psql line in the demo's output:\n${output}`)
  return url
}

/** The guard has no argument that names the folder: it is the server's parent. */
export function guardOf(folder: string): number {
  const pid = Number(readFileSync(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
