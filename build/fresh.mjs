// What a fresh clone needs before anything can run: packages, then what is built. Plain JavaScript for the machine's own Node, with nothing installed.
//   node build/fresh.mjs test | check | build
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const WANTED = [22, 12]
const stamp = join(root, 'dist', '.sources')

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
const say = (text) => process.stdout.write(`${text}\n`)

/** Runs a program with our terminal; resolves with its exit code. */
export function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1))
  })
}

/** A Node that is new enough: the one that came with the packages, or this one. */
export function findNode() {
  const bundled = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(bundled)) return bundled
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return process.execPath
  throw new Error(
    `Sallyport needs Node ${WANTED.join('.')} or newer, and this is ${process.version}. On Linux (x64) the packages bring one along; here, please install one: https://nodejs.org`,
  )
}

/** Runs a program of one of the packages on that Node. */
export function runTool(file, args, env) {
  return run(findNode(), [join(root, 'node_modules', file), ...args], env)
}

/** Whether every package that the lock file asks for is there in that version. By content: times say nothing after a clone or a copy. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const { packages: present } = JSON.parse(readFileSync(installed, 'utf8'))
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/') || link) return true
    return present[path] === undefined ? Boolean(optional || devOptional) : present[path].version === version
  })
}

/** `npm ci` when there are no packages, or others than the lock file asks for. */
export async function ensureInstalled() {
  if (isInstalled()) return
  const since = performance.now()
  say('  … Installing packages (npm ci); this is done once, and takes a minute or two')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // Electron's own runtime is not needed for anything here, and it would come from elsewhere.
  const env = { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
  const npm = process.env.npm_execpath
  const code =
    npm === undefined
      ? await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, env)
      : await run(process.execPath, [npm, ...args], env)
  if (code !== 0) throw new Error('"npm ci" failed; what it said stands above.')
  say(`  ✓ Packages · ${seconds(since)}`)
}

/** Everything that is built from, as names, sizes and times. */
function sourcesHash() {
  const hash = createHash('sha256')
  const add = (path) => {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${path.slice(root.length)} ${size} ${mtimeMs}\n`)
  }
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) add(path)
    }
  }
  for (const folder of ['main', 'proxy', 'renderer', 'build']) if (existsSync(join(root, folder))) walk(join(root, folder))
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) add(join(root, file))
  return hash.digest('hex')
}

/** Builds when something changed since the last time. */
export async function ensureBuilt() {
  const hash = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && existsSync(join(root, 'dist', 'main', 'cli.js'))) return
  const since = performance.now()
  say('  … Building')
  await build()
  say(`  ✓ Built · ${seconds(since)}`)
}

/** Program and pages into `dist`. What was built of sources that are gone is removed. */
export async function build() {
  const hash = sourcesHash()
  for (const folder of ['main', 'proxy', 'build']) rmSync(join(root, 'dist', folder), { recursive: true, force: true })
  rmSync(stamp, { force: true })
  const codes = await Promise.all([
    runTool('typescript/bin/tsc', ['-p', 'build/tsconfig.emit.json']),
    existsSync(join(root, 'renderer', 'vite.config.ts'))
      ? runTool('vite/bin/vite.js', ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'])
      : Promise.resolve(0),
  ])
  if (codes.some((code) => code !== 0)) throw new Error('The build failed; what it said stands above.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

/** Types, lint and walls, unit tests. Resolves with the exit code. */
async function check() {
  await ensureInstalled()
  const parts = [
    ['Types', () => runTool('typescript/bin/tsc', ['-p', '.'])],
    ['Lint, format and walls', () => runTool('@biomejs/biome/bin/biome', ['ci'])],
    ['Unit tests', () => runTool('vitest/vitest.mjs', ['run', '--project', 'unit', '--reporter', 'dot'])],
  ]
  const all = performance.now()
  const failed = []
  for (const [name, work] of parts) {
    const since = performance.now()
    const code = await work()
    say(`${code === 0 ? '✓' : '✗'} ${name} · ${seconds(since)}`)
    if (code !== 0) failed.push(name)
  }
  say(failed.length === 0 ? `All good · ${seconds(all)}` : `Failed: ${failed.join(', ')} · ${seconds(all)}`)
  return failed.length === 0 ? 0 : 1
}

const PROJECTS = ['unit', 'integration', 'e2e']

/** Every test that this machine can run, one project after the other. The last line counts them all. */
async function test(args) {
  const unknown = args.find((name) => !PROJECTS.includes(name))
  if (unknown !== undefined) throw new Error(`There are no tests called "${unknown}"; there are: ${PROJECTS.join(', ')}.`)
  await ensureInstalled()
  await ensureBuilt()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  let passed = 0
  let failed = 0
  let skipped = 0
  try {
    for (const project of args.length > 0 ? args : PROJECTS) {
      const file = join(folder, `${project}.json`)
      const reporters = ['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`]
      say(`\n${project} tests`)
      const code = await runTool('vitest/vitest.mjs', ['run', '--project', project, '--passWithNoTests', ...reporters])
      const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
      passed += found?.numPassedTests ?? 0
      skipped += (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0)
      const broken = found?.numFailedTests ?? 0
      // A file that could not even be loaded, or a runner that fell over, has no failed test of its own.
      failed += code !== 0 && broken === 0 ? 1 : broken
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (skipped > 0) say(`\n${skipped} skipped, since this machine lacks what they need; the lines above say which.`)
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function main([command, ...args]) {
  if (command === 'test') return test(args)
  if (command === 'check') return check()
  if (command === 'build') {
    await ensureInstalled()
    const since = performance.now()
    await build()
    say(`Built in ${seconds(since)}`)
    return 0
  }
  throw new Error('Usage: node build/fresh.mjs test | check | build')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error) => {
      process.stderr.write(`${error.message}\n`)
      process.exit(1)
    },
  )
}
