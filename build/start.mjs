// npm start: the desktop app where Electron's runtime is there; otherwise it says so, and how to run the host instead.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, findNode, root, run } from './fresh.mjs'

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

const electron = findElectron()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const missing =
  electron === undefined
    ? 'The desktop app cannot start: Electron’s runtime is not installed here.'
    : !hasDisplay
      ? 'The desktop app cannot start: there is no display.'
      : undefined

if (missing !== undefined) {
  process.stdout.write(`${missing}\n\n${HOST}`)
  process.exit(0)
}
await ensureInstalled()
await ensureBuilt()
// The app itself, as it is packed: one folder with all that it needs.
const built = await run(findNode(), [join(root, 'build', 'desktop', 'build-app.ts')])
process.exit(built === 0 ? await run(electron, [join(root, 'dist', 'app'), ...process.argv.slice(2)]) : built)
