import { loadConfig } from '../config.ts'
import type { Host } from '../host.ts'
import { type Command, textOption } from './command.ts'
import type { JsonLog } from './json-log.ts'

const DRAIN_MS = 10_000
/** Closing the store after that must not keep the process forever. */
const CLOSE_MS = 15_000

export const host: Command = {
  summary: 'runs the gateway, its API and its pages',
  usage: '--config FILE --data DIR',
  help: `Needs no display. When it is ready it prints one line of JSON on standard output, with the addresses as they really are:
  {"event":"ready","proxy":"127.0.0.1:6432","web":"http://127.0.0.1:8443"}
Logs go to standard error, one JSON object a line. SIGTERM or Ctrl-C: takes no more clients, lets statements in flight finish (10 s at most), ends idle
sessions, closes the store, and exits with 0. A fault in the configuration, a taken port or an unusable data directory: exit code 1.`,
  options: { config: { type: 'string' }, data: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: ['config', 'data'],
  async run(values, _positionals, terminal) {
    const config = loadConfig(textOption(values, 'config'), terminal.env)
    // Read only now: `check` and `sql` need not wait for the whole host.
    const [{ startHost }, { createJsonLog }] = await Promise.all([import('../host.ts'), import('./json-log.ts')])
    const log = createJsonLog()
    const stopped = terminal.stopped()
    let running: Host
    try {
      running = await startHost(config, textOption(values, 'data'), { log })
    } catch (error) {
      log.flush()
      throw describeStart(error, config.file)
    }
    terminal.out(`${JSON.stringify({ event: 'ready', proxy: running.proxy, web: running.web })}\n`)
    if (!stopped.aborted) await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve(), { once: true }))
    return close(running, log)
  },
}

async function close(running: Host, log: JsonLog): Promise<number> {
  log.info('host.stopping', { drainMs: DRAIN_MS })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), CLOSE_MS)
  })
  const outcome = await Promise.race([running.close(DRAIN_MS), late])
  clearTimeout(timer)
  if (outcome === 'late') log.error('host.stop-late', { afterMs: CLOSE_MS })
  else log.info('host.stopped')
  log.flush()
  return outcome === 'late' ? 1 : 0
}

/** What the system says of an address, in words that name the setting. */
function describeStart(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  const where = `${address ?? 'the address'}:${port ?? ''}`
  const change = `Change proxy.listen or web.listen in ${file}`
  if (code === 'EADDRINUSE')
    return Object.assign(new Error(`${where} is taken by another program. ${change}, or stop that program.`), { code })
  if (code === 'EADDRNOTAVAIL') return Object.assign(new Error(`${where} is not an address of this machine. ${change}.`), { code })
  if (code === 'EACCES' && port !== undefined)
    return Object.assign(new Error(`${where} may not be used by this user. ${change}.`), { code })
  return error
}
