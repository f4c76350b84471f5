import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from './command.ts'

const fromSource = import.meta.url.endsWith('.ts')
const program = fileURLToPath(new URL(`../../build/demo/main${fromSource ? '.ts' : '.js'}`, import.meta.url))
const root = fileURLToPath(new URL(fromSource ? '../../' : '../../../', import.meta.url))

export const demo: Command = {
  summary: 'starts everything on embedded parts, with a shop’s data, three people and an agent',
  usage: '[--port-base N] [--reset] [--data DIR]',
  help: `Starts an embedded PostgreSQL, an embedded OpenID provider and the host, all on loopback, and prints how to connect. Ctrl-C ends all of it.
  --port-base N   the first of four ports
  --reset         forget everything and start anew
  --data DIR      where the demo keeps its files
On a fresh clone use "npm run demo", which also installs and builds.`,
  options: { 'port-base': { type: 'string' }, reset: { type: 'boolean' }, data: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: [],
  async run(values, _positionals, terminal) {
    if (!existsSync(program)) {
      terminal.err('The demo is not part of this installation. It comes with the project itself: npm run demo.\n')
      return 2
    }
    const args = Object.entries(values).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]))
    const stopped = terminal.stopped()
    const child = fork(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, SALLYPORT_ROOT: root } })
    stopped.addEventListener('abort', () => child.kill('SIGTERM'))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) => resolve(code ?? 1))
    })
  },
}
