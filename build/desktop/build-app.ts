import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, type Rollup } from 'vite'
import { listLicences, packageFolder, packagesOf } from './list-licences.ts'
import { makeIcons } from './make-icons.ts'

const ROOT = join(import.meta.dirname, '../..')
/** What cannot be bundled: a native file, a WASM file, and the runtime itself. */
const OUTSIDE = ['electron', 'better-sqlite3', 'libpg-query', '@pgsql/types']
/** Threads are loaded by their address, so each is a file of its own beside the program. */
export const PROGRAM = {
  main: 'main/desktop/main.ts',
  'filler-worker': 'main/recordings/filler-worker.ts',
  'siem-worker': 'main/siem/siem-worker.ts',
  'parse-worker': 'proxy/statement/parse-worker.ts',
}

export interface BuildOptions {
  /** Where the app goes: what is packed is this folder, whole. */
  readonly out: string
  /** Icons for installers, beside it. */
  readonly packaging: string
  /** The host's pages, built. */
  readonly pages: string
}

/**
 * The desktop app as one folder: `program/` (main process and threads, bundled), `desktop/` (preload, its own pages, icons, licences), `renderer/` (the host's
 * pages), `node_modules/` (only what has to stay outside the bundle), and a `package.json`.
 */
export async function buildApp({ out, packaging, pages }: BuildOptions): Promise<void> {
  if (!existsSync(join(pages, 'index.html'))) throw new Error(`The pages are not built: ${pages} has no index.html. Run: npm run build`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(join(out, 'desktop'), { recursive: true })
  const used = new Set<string>()
  note(used, await bundle(PROGRAM, join(out, 'program'), 'es'))
  note(used, await bundle({ preload: 'main/desktop/preload.ts' }, join(out, 'desktop'), 'cjs'))
  note(used, await buildOwnPages(join(out, 'desktop/pages')))
  cpSync(pages, join(out, 'renderer'), { recursive: true, filter: (source) => !source.endsWith('.map') })
  copyOutside(join(out, 'node_modules'))
  await makeIcons(packaging, join(out, 'desktop/icons'))
  const folders = [...used, ...packagesOf(join(ROOT, 'renderer'), ROOT), ...OUTSIDE.map((name) => join(ROOT, 'node_modules', name))]
  writeFileSync(join(out, 'desktop/licences.json'), JSON.stringify(listLicences(folders)))
  writeFileSync(join(out, 'package.json'), JSON.stringify(appPackage(), null, 2))
}

/** Modules run in the order of their imports, also over chunks: some need a polyfill that another one has put in place. */
const ORDER = { strictExecutionOrder: true }

type Output = Awaited<ReturnType<typeof build>>

async function bundle(input: Record<string, string>, outDir: string, format: 'es' | 'cjs'): Promise<Output> {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  return build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: OUTSIDE, target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: true,
      sourcemap: false,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(ROOT, file)])),
        external: OUTSIDE,
        // One flat folder: what a thread is found beside, in the sources, is beside it here too.
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}`, ...ORDER },
      },
    },
  })
}

async function buildOwnPages(outDir: string): Promise<Output> {
  return build({
    root: join(ROOT, 'renderer/desktop'),
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2023' },
  })
}

/** Which packages' code went into an output. */
function note(used: Set<string>, output: Output): void {
  for (const { output: files } of (Array.isArray(output) ? output : [output]) as Rollup.RollupOutput[])
    for (const file of files) {
      if (file.type !== 'chunk') continue
      for (const module of file.moduleIds) {
        const folder = packageFolder(module)
        if (folder !== undefined) used.add(folder)
      }
    }
}

/** The parts of the outside packages that run, not their sources. electron-builder leaves one of better-sqlite3's files for each system. */
function copyOutside(target: string): void {
  const copies: Readonly<Record<string, readonly string[]>> = {
    'better-sqlite3': ['LICENSE', 'lib', 'prebuilds'],
    'libpg-query': ['LICENSE', 'wasm/index.cjs', 'wasm/libpg-query.js', 'wasm/libpg-query.wasm'],
    '@pgsql/types': ['LICENSE', 'index.js', 'types.js', 'enums.js'],
  }
  for (const [name, parts] of Object.entries(copies)) {
    const from = join(ROOT, 'node_modules', name)
    for (const part of parts) cpSync(join(from, part), join(target, name, part), { recursive: true })
    // What it is compiled with is no part of what runs.
    const { name: own, version, license, main } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Record<string, string>
    writeFileSync(join(target, name, 'package.json'), JSON.stringify({ name: own, version, license, main }))
  }
}

interface RootPackage {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

function appPackage(): Record<string, unknown> {
  const { name, version, description, license, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as RootPackage
  const kept = Object.fromEntries(
    OUTSIDE.flatMap((outside) => (dependencies[outside] === undefined ? [] : [[outside, dependencies[outside]]])),
  )
  return {
    name,
    productName: 'Sallyport',
    version,
    description,
    license,
    author: { name: 'Sallyport', email: 'sallyport@localhost.invalid' },
    homepage: 'https://sallyport.invalid',
    type: 'module',
    main: 'program/main.js',
    // electron-builder packs of node_modules what stands here.
    dependencies: { ...kept, '@pgsql/types': '*' },
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const since = performance.now()
  await buildApp({ out: join(ROOT, 'dist/app'), packaging: join(ROOT, 'dist/packaging'), pages: join(ROOT, 'dist/renderer') })
  process.stdout.write(`Built the desktop app in ${((performance.now() - since) / 1000).toFixed(1)} s: dist/app\n`)
}
