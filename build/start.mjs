// npm start: the desktop app where Electron's runtime is there; otherwise it says so, and how to run the host instead.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './fresh.mjs'

/** Electron's program, without importing the package: that would try to fetch it. */
function findElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const note = join(folder, 'path.txt')
  if (!existsSync(note)) return undefined
  const program = join(folder, 'dist', readFileSync(note, 'utf8').trim())
  return existsSync(program) ? program : undefined
}

const HOST = `The host needs no desktop, and serves the same pages to a browser:

  npm run demo                                    everything at once, with made-up data
  npm run host -- --config FILE --data DIR        with a configuration of your own
`

const desktop = join(root, 'dist', 'main', 'desktop', 'main.js')
const electron = findElectron()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const missing = !existsSync(join(root, 'main', 'desktop'))
  ? 'The desktop app is not part of this version yet; it comes with a later one.'
  : electron === undefined
    ? 'The desktop app cannot start: Electron’s runtime is not installed here.'
    : !hasDisplay
      ? 'The desktop app cannot start: there is no display.'
      : !existsSync(desktop)
        ? 'The desktop app is not built yet. Run: npm run build'
        : undefined

if (missing !== undefined) {
  process.stdout.write(`${missing}\n\n${HOST}`)
  process.exit(0)
}
process.exit(await run(electron, [desktop, ...process.argv.slice(2)]))
