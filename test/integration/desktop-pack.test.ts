import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import { build, Platform } from 'electron-builder'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildApp } from '../../build/desktop/build-app.ts'
import { firstSettings } from '../../main/desktop/first-settings.ts'
import { buildPages } from '../helpers/browser.ts'
import { writeConfig } from '../helpers/host-config.ts'
import { type OidcServer, startOidc } from '../helpers/oidc.ts'
import { freePort, type Postgres, startPostgres } from '../helpers/postgres.ts'
import { Wire } from '../helpers/wire-client.ts'

const ROOT = join(import.meta.dirname, '../..')
const MIB = 1024 * 1024
const packaging = (): Record<string, Record<string, unknown>> => parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'))

describe('the packages’ configuration', () => {
  it('is taken by electron-builder’s own validation, for Linux, macOS and Windows, which knows a wrong key', async () => {
    const { linux, mac, win } = packaging()
    await validateConfiguration(packaging(), new DebugLogger(false))
    expect([linux?.['target'], mac?.['target'], win?.['target']]).toEqual([['AppImage', 'deb', 'rpm'], ['dmg'], ['nsis']])
    for (const part of ['linux', 'mac', 'win']) {
      const wrong = { ...packaging(), [part]: { ...packaging()[part], thereIsNoSuchKey: 1 } }
      await expect(validateConfiguration(wrong, new DebugLogger(false)), part).rejects.toThrow(`configuration.${part} `)
    }
  })
})

/**
 * The pack, made by electron-builder with a stand-in for Electron's runtime, which cannot be had here. What is proven: which files are in it, that its entry
 * starts under Node 24 with a fake `electron` and serves pages and proxy from those very files. What is not: that Electron itself reads them from the archive.
 */
describe('the desktop app as it is packed', () => {
  let folder: string
  let resources: string
  let program: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-pack-'))
    const [app, resourcesFolder] = [join(folder, 'app'), join(folder, 'packaging')]
    const pages = await buildPages()
    await buildApp({ out: app, packaging: resourcesFolder, pages })
    rmSync(pages, { recursive: true })
    const electronDist = makeStandIn(join(folder, 'electron'))
    await build({
      projectDir: ROOT,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: {
        ...packaging(),
        directories: { app, output: join(folder, 'out'), buildResources: resourcesFolder },
        electronDist,
        electronVersion: JSON.parse(readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8')).version as string,
      },
    })
    resources = join(folder, 'out/linux-unpacked/resources')
    program = join(folder, 'extracted')
    extractAll(join(resources, 'app.asar'), program)
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds exactly the files that it needs, and no sources, maps or tests', () => {
    const files = listPackage(join(resources, 'app.asar'), { isPack: false })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => statSync(join(program, file)).isFile())
    const shapes: Readonly<Record<string, RegExp>> = {
      manifest: /^\/package\.json$/,
      program: /^\/program\/[\w.-]+\.js$/,
      preload: /^\/desktop\/preload\.cjs$/,
      licences: /^\/desktop\/licences\.json$/,
      'own pages': /^\/desktop\/pages\/(index\.html|assets\/[\w-]+\.(js|css|woff2))$/,
      icons: /^\/desktop\/icons\/(app\.png|tray\/[\w-]+(@2x)?\.png)$/,
      pages: /^\/renderer\/([\w.-]+\.(html|js|svg|webmanifest|txt|png)|assets\/[\w.-]+\.(js|css|woff2|svg|txt))$/,
      sqlite: /^\/node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/-]+\.js|prebuilds\/linux-x64\.node)$/,
      grammar: /^\/node_modules\/libpg-query\/(package\.json|LICENSE|wasm\/(index\.cjs|libpg-query\.(js|wasm)))$/,
      types: /^\/node_modules\/@pgsql\/types\/(package\.json|LICENSE|\w+\.js)$/,
    }
    const strangers = files.filter((file) => !Object.values(shapes).some((shape) => shape.test(file)))
    expect(strangers).toEqual([])
    for (const [name, shape] of Object.entries(shapes))
      expect(
        files.some((file) => shape.test(file)),
        `there are no ${name}`,
      ).toBe(true)
    expect(files.filter((file) => file.endsWith('.node'))).toEqual(['/node_modules/better-sqlite3/prebuilds/linux-x64.node'])
  })

  it('is under 12 MiB over the runtime’s own size', () => {
    const sizeOf = (path: string): number =>
      statSync(path).isDirectory() ? readdirSync(path).reduce((sum, entry) => sum + sizeOf(join(path, entry)), 0) : statSync(path).size
    const added =
      sizeOf(join(resources, 'app.asar')) +
      (existsSync(join(resources, 'app.asar.unpacked')) ? sizeOf(join(resources, 'app.asar.unpacked')) : 0)
    expect(added / MIB).toBeLessThan(12)
    expect(added / MIB).toBeGreaterThan(4)
  })

  it('has its fuses set: no Node, no inspector, only from its own archive, which is checked', async () => {
    const wire = await getCurrentFuseWire(join(folder, 'out/linux-unpacked/sallyport'))
    const on = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE
    expect(on(FuseV1Options.RunAsNode)).toBe(false)
    expect(on(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false)
    expect(on(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false)
    expect(on(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false)
    expect(on(FuseV1Options.EnableCookieEncryption)).toBe(true)
    expect(on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true)
    expect(on(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true)
  })

  it('lists the licence of everything in it', () => {
    const licences = JSON.parse(readFileSync(join(program, 'desktop/licences.json'), 'utf8')) as {
      name: string
      licence: string
      text: string
    }[]
    const names = licences.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'electron',
        'better-sqlite3',
        'libpg-query',
        'hono',
        'zod',
        'pino',
        'electron-updater',
        'react',
        '@mantine/core',
      ]),
    )
    expect(licences.every(({ licence }) => licence !== '')).toBe(true)
    expect(licences.map(({ licence }) => licence).filter((licence) => /\b(A?GPL|SSPL|BUSL)\b/.test(licence))).toEqual([])
  })

  describe('started', () => {
    let postgres: Postgres
    let oidc: OidcServer
    let child: ChildProcess
    let [web, proxy] = [0, 0]
    let errors = ''
    let output = ''

    beforeAll(async () => {
      // Nothing beside it may help: it stands outside the project's folder, and outside any node_modules.
      ;[web, proxy] = [await freePort(), await freePort()]
      postgres = await startPostgres()
      oidc = await startOidc(`http://127.0.0.1:${web}/auth/callback`)
      const data = join(folder, 'userData')
      mkdirSync(data)
      const configFile = writeConfig(data, {
        issuer: oidc.issuer,
        provider: { clientSecret: oidc.clientSecret },
        web: { listen: `127.0.0.1:${web}` },
        proxy: { listen: `127.0.0.1:${proxy}` },
        connections: [{ name: 'shop', port: postgres.port, database: 'postgres' }],
        sensitive: [],
        policies: [
          {
            name: 'all',
            groups: ['ai-agents'],
            connections: ['shop'],
            rules: [{ effect: 'allow', statements: ['read', 'session', 'transaction'] }],
          },
        ],
      })
      writeFileSync(join(data, 'settings.json'), JSON.stringify({ ...firstSettings, mode: { kind: 'host', configFile } }))
      // electron-builder keeps native files beside the archive; Electron sees them as if they were in it.
      cpSync(join(resources, 'app.asar.unpacked'), program, { recursive: true })
      const hooks = join(ROOT, 'test/helpers/electron/pack-hooks.ts')
      child = spawn(process.execPath, ['--import', hooks, join(program, 'program/main.js')], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: data, SALLYPORT_TEST_FOLDER: data },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child.stdout?.on('data', (text) => (output += String(text)))
      child.stderr?.on('data', (text) => (errors += String(text)))
      const since = Date.now()
      while (!output.includes(`http://127.0.0.1:${web}/`)) {
        if (child.exitCode !== null || Date.now() - since > 30_000) throw new Error(`the packed app did not come up:\n${output}\n${errors}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }, 120_000)
    afterAll(async () => {
      child?.kill('SIGKILL')
      await oidc?.stop()
      await postgres?.stop()
    })

    it('shows a skeleton, and then the pages that it serves itself', async () => {
      const loads = output
        .trim()
        .split('\n')
        .flatMap((line) => (JSON.parse(line) as { loads: string[] }).loads)
      expect(loads[0]).toBe('sallyport-app://desktop/index.html#/starting')
      const page = await fetch(`http://127.0.0.1:${web}/`)
      expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("script-src 'self'")])
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1]
      expect((await fetch(`http://127.0.0.1:${web}${script}`)).status).toBe(200)
      expect(await (await fetch(`http://127.0.0.1:${web}/api/health`)).json()).toMatchObject({ status: 'ok' })
    })

    it('runs an agent’s statement through its proxy, by the grammar and the store that are in the pack', async () => {
      const agent = await Wire.login({ port: proxy }, { password: await oidc.agentToken(), database: 'shop' })
      const [row] = (await agent.query('SELECT 40 + 2 AS answer')).rows
      expect(row?.map(String)).toEqual(['42'])
      // Long texts go to the threads.
      const long = `SELECT ${Array.from({ length: 3000 }, (_, index) => `${index} AS c${index}`)
        .slice(0, 900)
        .join(', ')} /* ${'x'.repeat(20_000)} */`
      expect((await agent.query(long)).rows[0]).toHaveLength(900)
      agent.destroy()
    })

    it('has its vault encrypted with a key from the keychain', () => {
      const data = join(folder, 'userData')
      expect(readFileSync(join(data, 'host/vault.json'), 'utf8')).toContain('aes-256-gcm')
      expect(readFileSync(join(data, 'vault-key.json'), 'utf8')).toContain('sealed')
    })

    it('drains and ends at SIGTERM', async () => {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      expect(await ended, errors).toBe(0)
    })
  })
})

/** A folder that electron-builder takes for Electron's: the program is no more than what fuses are written into. */
function makeStandIn(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  writeFileSync(join(folder, 'locales/en-US.pak'), '')
  const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 9]), Buffer.from('1'.repeat(9))])
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]), { mode: 0o755 })
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'version']) writeFileSync(join(folder, file), '45.4.1')
  return folder
}
