// npm run demo, and npm run demo:agent (first argument "agent"). Plain JavaScript for the machine's own Node, with nothing installed: it installs and builds
// what is missing, then hands over to the program on a Node that is new enough.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, findNode, root } from './fresh.mjs'

const args = process.argv.slice(2)
const isAgent = args[0] === 'agent'
const program = join(root, 'dist', 'build', 'demo', isAgent ? 'agent.js' : 'main.js')

/** Who started us; behind a shell also who started that, since npm does not start its scripts itself. */
function findStarters() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const shell = /\((sh|bash|dash)\) \S (\d+)/.exec(stat)
    return `${process.ppid} ${shell === null ? '' : shell[2]}`
  } catch {
    return `${process.ppid} `
  }
}

async function start() {
  if (!isAgent) process.stdout.write('Sallyport demo\n')
  await ensureInstalled()
  await ensureBuilt()
  // The channel tells the program when this process is gone, however that comes about.
  const child = fork(program, isAgent ? args.slice(1) : args, {
    cwd: root,
    execPath: findNode(),
    execArgv: [],
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SALLYPORT_ROOT: root, NODE_NO_WARNINGS: '1' },
  })
  // A terminal sends Ctrl-C to all of us, and the program waits for what is in flight: we only wait for it. A signal to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // Started by npm, and npm was killed: then nobody is left to press Ctrl-C.
  if (process.env.npm_lifecycle_event !== undefined) {
    const starters = findStarters()
    const watch = setInterval(() => {
      if (findStarters() === starters) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 500)
  }
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}

start().catch((error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
