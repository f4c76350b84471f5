/** A real Chromium, and the pages as they are shipped. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser's program; undefined, said once, where there is none. `SALLYPORT_CHROMIUM` names another. */
export function findChromium(): string | undefined {
  const found = [process.env['SALLYPORT_CHROMIUM'], ...PLACES].find((place) => place !== undefined && fs.existsSync(place))
  if (found === undefined && !told)
    process.stderr.write('Chromium is not installed: the tests in the browser are skipped (apt-get install chromium)\n')
  told ||= found === undefined
  return found
}

let told = false

export async function openBrowser(executablePath: string): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath, args: [...asRoot, ...quiet] })
}

/** Builds the pages into a folder of their own, so that a test never sees old ones. The caller removes it. */
export async function buildPages(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-pages-'))
  const configFile = path.resolve(import.meta.dirname, '../../renderer/vite.config.ts')
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  return folder
}
