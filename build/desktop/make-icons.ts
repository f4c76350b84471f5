import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { type Picture, writeIcns, writeIco } from './icon-files.ts'

const SOURCES = join(import.meta.dirname, '../icons')
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS = [16, 20, 24, 32, 40, 48, 64, 256]
const APPLE = [16, 32, 64, 128, 256, 512, 1024]
/** Points of the panel's icon; macOS's menu bar wants 16 in a height of 22, and a second one at twice the pixels. */
const TRAY = 16
let ready: Promise<void> | undefined

/**
 * Every picture that packages and the app need, from the drawings in `build/icons`: `app.svg`, its form for 32 pixels and less, and with Apple's margin.
 * `packaging` gets `icon.ico`, `icon.icns` and `linux/*.png`; `app` the panel's icons (with `@2x`) and `app.png`.
 */
export async function makeIcons(packaging: string, app: string): Promise<void> {
  ready ??= initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
  await ready
  const plain = (size: number): Picture => draw(size <= 32 ? 'app-small.svg' : 'app.svg', size)
  mkdirSync(join(packaging, 'linux'), { recursive: true })
  for (const size of LINUX) writeFileSync(join(packaging, 'linux', `${size}x${size}.png`), plain(size).png)
  writeFileSync(join(packaging, 'icon.ico'), writeIco(WINDOWS.map(plain)))
  writeFileSync(join(packaging, 'icon.icns'), writeIcns(APPLE.map((size) => draw(size <= 32 ? 'app-small.svg' : 'app-macos.svg', size))))
  mkdirSync(join(app, 'tray'), { recursive: true })
  writeFileSync(join(app, 'app.png'), plain(256).png)
  for (const file of readdirSync(join(SOURCES, 'tray'))) {
    const name = file.replace(/\.svg$/, '')
    writeFileSync(join(app, 'tray', `${name}.png`), draw(`tray/${file}`, TRAY).png)
    writeFileSync(join(app, 'tray', `${name}@2x.png`), draw(`tray/${file}`, TRAY * 2).png)
  }
}

function draw(file: string, size: number): Picture {
  const drawing = new Resvg(readFileSync(join(SOURCES, file), 'utf8'), { fitTo: { mode: 'width', value: size } })
  return { size, png: drawing.render().asPng() }
}
