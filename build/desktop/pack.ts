// node build/desktop/pack.ts --linux|--mac|--win [--dir]: the packages of one system, into dist/packages. Needs Electron's runtime, which npm fetches at install
// unless it was told not to.
import { join } from 'node:path'
import { build, Platform } from 'electron-builder'
import { buildApp } from './build-app.ts'

const ROOT = join(import.meta.dirname, '../..')
const PLATFORMS = { '--linux': Platform.LINUX, '--mac': Platform.MAC, '--win': Platform.WINDOWS }

const args = process.argv.slice(2)
const wanted = Object.entries(PLATFORMS).filter(([flag]) => args.includes(flag))
if (wanted.length !== 1 || wanted[0] === undefined) {
  process.stderr.write('Usage: node build/desktop/pack.ts --linux|--mac|--win [--dir]\n')
  process.exit(2)
}
await buildApp({ out: join(ROOT, 'dist/app'), packaging: join(ROOT, 'dist/packaging'), pages: join(ROOT, 'dist/renderer') })
const made = await build({
  projectDir: ROOT,
  config: 'electron-builder.yml',
  targets: wanted[0][1].createTarget(args.includes('--dir') ? 'dir' : null),
  publish: 'never',
})
process.stdout.write(`${made.join('\n')}\n`)
