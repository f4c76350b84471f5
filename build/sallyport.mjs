#!/usr/bin/env node
// The npm bin. Plain JavaScript that any Node ≥ 18 reads: it finds a Node that is new enough for the program itself, and hands everything over to it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WANTED = [22, 15]
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const program = join(root, 'dist', 'main', 'cli.js')

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])
}

function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  // As a dependency, this package's own folder has no node_modules/.bin: the one that it is installed into has.
  const folders = []
  for (let folder = root; ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules', '.bin'))
    if (folder === dirname(folder)) break
  }
  for (const folder of [...folders, ...(process.env.PATH ?? '').split(delimiter).filter(Boolean)]) {
    const candidate = join(folder, name)
    if (!existsSync(candidate)) continue
    const { status, stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8' })
    if (status === 0 && isNewEnough(stdout.trim())) return candidate
  }
  return undefined
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

if (!existsSync(program)) fail('Sallyport is not built yet. Run: npm run build')
const node = findNode()
if (node === undefined) {
  fail(
    `Sallyport needs Node ${WANTED.join('.')} or newer; this is ${process.version}. "npm ci" brings one along on Linux; elsewhere see https://nodejs.org.`,
  )
}

const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('error', (error) => fail(`Sallyport could not be started with ${node}: ${error.message}`))

// The child drains and exits by itself; this process only passes the signal on and waits. From a terminal both get SIGINT anyway: a second one
// would cut the child's shutdown short, so it is passed on only when there is no terminal that has done so.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
}
child.on('exit', (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0))
})
