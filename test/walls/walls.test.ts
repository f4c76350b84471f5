import { describe, expect, it } from 'vitest'
import { importsOf, readSource, sourceFiles } from './imports.ts'
import { lintPlanted } from './plant.ts'
import { ROOMS, refuse } from './walls.ts'

const FOLDERS = ROOMS.filter((room) => room !== 'session' && room !== 'gateway')
const SOURCES = ['proxy', 'main', 'renderer', 'build']

describe('the linter refuses a planted import', () => {
  const planted = new Map<string, { file: string; specifier: string; allowed: boolean }>()
  const plant = (file: string, specifier: string, allowed = false): void => {
    planted.set(`${allowed ? 'allows' : 'refuses'} ${specifier} in ${file}`, { file, specifier, allowed })
  }
  for (const [index, room] of FOLDERS.entries()) {
    for (const package_ of ['electron', 'react', 'better-sqlite3', 'kysely', 'hono', 'jose', 'zod'])
      plant(`proxy/${room}/canary.ts`, package_)
    plant(`proxy/${room}/canary.ts`, '../../main/host.ts')
    plant(`proxy/${room}/canary.ts`, '../../renderer/main.tsx')
    for (const later of FOLDERS.slice(index + 1)) plant(`proxy/${room}/canary.ts`, `../${later}/anything.ts`)
    for (const earlier of FOLDERS.slice(0, index)) plant(`proxy/${room}/canary.ts`, `../${earlier}/anything.ts`, true)
    plant(`proxy/${room}/canary.ts`, '../session/anything.ts')
    plant(`proxy/${room}/canary.ts`, '../gateway.ts')
    plant(`proxy/${room}/canary.ts`, '../errors.ts', true)
  }
  plant('proxy/gateway.ts', '../main/host.ts')
  plant('proxy/gateway.ts', 'better-sqlite3')
  plant('main/host.ts', 'electron')
  plant('main/api/canary.ts', 'electron')
  plant('main/desktop/canary.ts', 'electron', true)
  plant('main/api/canary.ts', '../../renderer/main.tsx')
  plant('main/api/canary.ts', '../../test/helpers/postgres.ts')
  plant('main/contract/canary.ts', '../store/db.ts')
  plant('main/contract/canary.ts', 'better-sqlite3')
  plant('renderer/approvals/canary.ts', '../../main/store/db.ts')
  plant('renderer/approvals/canary.ts', '../../proxy/gateway.ts')
  plant('renderer/approvals/canary.ts', 'electron')
  plant('renderer/approvals/canary.ts', '../../main/contract/calls.ts', true)

  const refused = lintPlanted([...planted.values()])
  for (const [name, { file, specifier, allowed }] of planted)
    it(name, () => {
      expect(refused.has(`${file} ${specifier}`)).toBe(!allowed)
    })
})

describe('the sources keep the walls, however an import is written', () => {
  it('finds imports of every form, so that none hides', () => {
    const text = [
      "import a from '../session/a.ts'",
      "import type { B } from '../session/b.ts'",
      "export * from '../session/c.ts'",
      "import '../session/d.ts'",
      "const e = await import('../session/e.ts')",
      "const f = require('../session/f.ts')",
      "new URL('../session/g.ts', import.meta.url)",
      "import {\n  h,\n} from '../session/h.ts'",
    ].join('\n')
    expect(new Set(importsOf('proxy/wire/x.ts', text).map(({ target }) => target))).toEqual(
      new Set([...'abcdefgh'].map((name) => `proxy/session/${name}.ts`)),
    )
  })

  it('refuses what the design refuses, also from a folder within a folder', () => {
    const refused = (file: string, specifier: string) => importsOf(file, `import x from '${specifier}'`).map(refuse)[0] !== undefined
    expect(refused('proxy/statement/functions/x.ts', '../../session/x.ts')).toBe(true)
    expect(refused('proxy/statement/functions/x.ts', '../../catalog/x.ts')).toBe(false)
    expect(refused('proxy/wire/x.ts', './../login/x.ts')).toBe(true)
    expect(refused('proxy/wire/x.ts', '../../main/x.ts')).toBe(true)
    expect(refused('proxy/mask/x.ts', 'pino')).toBe(true)
    expect(refused('proxy/mask/x.ts', 're2js')).toBe(false)
    expect(refused('main/contract/x.ts', '../store/x.ts')).toBe(true)
    expect(refused('renderer/x.ts', '../main/contract/x.ts')).toBe(false)
    expect(refused('renderer/x.ts', '../main/host.ts')).toBe(true)
    expect(refused('main/host.ts', 'electron')).toBe(true)
    expect(refused('main/desktop/tray.ts', 'electron')).toBe(false)
  })

  it('holds for every file', () => {
    const broken = sourceFiles(...SOURCES)
      .flatMap((file) => importsOf(file))
      .flatMap((found) => {
        const why = refuse(found)
        return why === undefined ? [] : [`${found.file} imports ${found.target}: ${why}`]
      })
    expect(broken).toEqual([])
  })
})

describe('no rule is switched off in place', () => {
  // Put together here so that this file does not hold the words it looks for.
  const words = ['biome-' + 'ignore', '@ts-' + 'ignore', '@ts-' + 'nocheck', '@ts-' + 'expect-error']
  it.each(words)('%s stands in no file', (word) => {
    expect(sourceFiles(...SOURCES, 'test').filter((file) => readSource(file).includes(word))).toEqual([])
  })
})
