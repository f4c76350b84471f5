import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { PROGRAM } from '../../build/desktop/build-app.ts'
import { type Picture, writeIcns, writeIco } from '../../build/desktop/icon-files.ts'
import { packageFolder, packagesOf } from '../../build/desktop/list-licences.ts'
import { headlessCommand } from '../../main/desktop/headless-command.ts'

const ROOT = join(import.meta.dirname, '../..')
const config = () => parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as Record<string, Record<string, unknown>>

describe('the packages’ configuration', () => {
  it('names files that exist', () => {
    const { deb = {}, rpm = {} } = config()
    const units = [deb, rpm].flatMap(({ fpm }) => (fpm as string[]).map((pair) => pair.split('=')[0] ?? ''))
    expect(units).toHaveLength(2)
    for (const unit of units) {
      const text = readFileSync(join(ROOT, unit), 'utf8')
      const exec = /^ExecStart=\/opt\/Sallyport\/sallyport (.*)$/m.exec(text)?.[1]?.split(' ') ?? []
      expect(headlessCommand(exec)).toEqual(['host', '--config', '/etc/sallyport/sallyport.yaml', '--data', '/var/lib/sallyport'])
    }
    expect(headlessCommand(['--hidden'])).toBeUndefined()
    expect(headlessCommand(['sallyport://approvals/4'])).toBeUndefined()
    expect(headlessCommand([])).toBeUndefined()
  })
})

describe('the bundle', () => {
  it('has a file for every thread that the sources start', () => {
    const threads = ['main', 'proxy'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('-worker.ts'))
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(ROOT.length + 1)
            .replaceAll('\\', '/'),
        ),
    )
    expect(threads.length).toBeGreaterThan(2)
    expect(new Set(Object.values(PROGRAM).filter((file) => file !== 'main/desktop/main.ts'))).toEqual(new Set(threads))
    for (const file of threads) expect(PROGRAM).toHaveProperty([file.split('/').at(-1)?.replace('.ts', '') ?? ''])
  })

  it('knows whose code went in', () => {
    expect(packageFolder('/p/node_modules/@hono/node-server/dist/index.mjs')).toBe('/p/node_modules/@hono/node-server')
    expect(packageFolder('\0/p/node_modules/a/node_modules/b/x.js?commonjs')).toBe('/p/node_modules/a/node_modules/b')
    expect(packageFolder('/p/main/host.ts')).toBeUndefined()
    const names = [...packagesOf(join(ROOT, 'renderer'), ROOT)].map((folder) => folder.split('node_modules/').at(-1))
    // The last is nobody's import: it comes with another.
    expect(names).toEqual(expect.arrayContaining(['react', 'react-dom', '@mantine/core', 'scheduler']))
  })
})

describe('icon files', () => {
  const picture = (size: number): Picture => ({ size, png: Buffer.from(`png of ${size}`) })

  it('hold each picture where its directory says', () => {
    const ico = writeIco([picture(16), picture(256)])
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 2])
    for (const [index, size] of [16, 256].entries()) {
      const entry = 6 + 16 * index
      expect(ico.readUInt8(entry)).toBe(size % 256)
      const [length, at] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)]
      expect(ico.subarray(at, at + length).toString()).toBe(`png of ${size}`)
    }
  })

  it('of Apple are entries with their own lengths', () => {
    const icns = writeIcns([picture(16), picture(32), picture(1024)])
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length])
    const found: Record<string, string> = {}
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      found[icns.toString('latin1', at, at + 4)] = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)).toString()
    expect(found).toEqual({ icp4: 'png of 16', icp5: 'png of 32', ic11: 'png of 32', ic10: 'png of 1024' })
  })
})
