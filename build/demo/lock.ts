import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

/** Held for as long as a demo runs on these files. */
export interface DemoLock {
  release(): void
}

export class AlreadyRunning extends Error {
  constructor(who: string) {
    super(
      `The demo already runs on these files (${who}). Stop it with Ctrl-C in its terminal, or give another folder with --data and other ports with --port-base.`,
    )
    this.name = 'AlreadyRunning'
  }
}

/**
 * A socket is the lock: the system closes it however the process ends, so that there is no stale lock to judge. It tells who holds it.
 * @param about what to tell: process and page
 */
export async function lockDemo(folder: string, about: string): Promise<DemoLock> {
  const address = addressFor(folder)
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = await tryListen(address, about)
    if (server !== undefined) return { release: () => server.close() }
    const holder = await askHolder(address)
    if (holder !== undefined) throw new AlreadyRunning(holder)
    if (process.platform !== 'win32') rmSync(address, { force: true })
  }
  throw new AlreadyRunning('its process does not answer')
}

/** A path of its own for each folder, short enough for every system's limit (104 bytes on macOS). */
function addressFor(folder: string): string {
  const name = `sallyport-demo-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 16)}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.lock`)
}

function tryListen(address: string, about: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.end(about)
    })
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(address, () => resolve(server))
    server.unref()
  })
}

function askHolder(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(address)
    let said = ''
    socket.setTimeout(2000, () => socket.destroy())
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(said === '' ? 'another process' : said))
  })
}
