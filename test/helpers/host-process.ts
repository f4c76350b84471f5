/** The whole host in a process of its own, started as a user would: `sallyport host --config FILE --data DIR`. */
import { spawn } from 'node:child_process'
import path from 'node:path'

export interface HostProcess {
  readonly pid: number
  readonly proxyPort: number
  readonly webPort: number
  readonly web: string
  /** Everything on standard error so far. */
  log(): string
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
}

/** Resolves at the `ready` line. Throws what the host wrote if it ends before. */
export async function startHostProcess(config: string, dataDir: string, waitMs = 30_000): Promise<HostProcess> {
  const root = path.resolve(import.meta.dirname, '../..')
  const child = spawn(process.execPath, [path.join(root, 'main/cli.ts'), 'host', '--config', config, '--data', dataDir], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let log = ''
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  // A test that dies must not leave the host behind.
  const endWithUs = (): boolean => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  void exit.then(() => process.off('exit', endWithUs))
  const ready = await new Promise<{ proxy: string; web: string }>((resolve, reject) => {
    const timer = setTimeout(() => fail(`not ready within ${waitMs} ms`), waitMs)
    const fail = (why: string): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`the host did not start: ${why}\n${out}\n${log}`))
    }
    void exit.then((code) => fail(`exit code ${code}`))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const whole = out.slice(0, out.lastIndexOf('\n') + 1)
      const line = whole.split('\n').find((part) => part.includes('"event":"ready"'))
      if (line === undefined) return
      clearTimeout(timer)
      resolve(JSON.parse(line) as { proxy: string; web: string })
    })
  })
  const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1).replace(/\/$/, ''))
  return {
    pid: child.pid ?? 0,
    proxyPort: portOf(ready.proxy),
    webPort: portOf(ready.web),
    web: ready.web,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      const code = await exit
      clearTimeout(late)
      return code
    },
  }
}
