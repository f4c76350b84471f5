/** The whole host in this process: configuration, store, gateway and API, on a data directory that goes with it. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../main/config.ts'
import { type Host, startHost } from '../../main/host.ts'
import { type ConfigLiteral, writeConfig } from './host-config.ts'
import { Wire } from './wire-client.ts'

export interface HostFixture {
  readonly host: Host
  readonly folder: string
  readonly dataDir: string
  readonly configFile: string
  readonly proxyPort: number
  /** `http://127.0.0.1:PORT` */
  readonly web: string
  readonly logged: readonly { readonly level: string; readonly event: string; readonly fields: Record<string, unknown> }[]
  /** Logged in through the gateway with this token. */
  through(token: string, database?: string): Promise<Wire>
  /** A call of the API with a bearer token. */
  call(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>
  stop(): Promise<void>
}

/** `dataDir`: somewhere else than in a folder that goes with the host. */
export async function startTestHost(
  literal: ConfigLiteral,
  { dataDir: given, ...options }: { readonly pagesDirectory?: string; readonly dataDir?: string } = {},
): Promise<HostFixture> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-host-'))
  const dataDir = given ?? path.join(folder, 'data')
  const configFile = writeConfig(folder, literal)
  const logged: { level: string; event: string; fields: Record<string, unknown> }[] = []
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => {
    logged.push({ level, event, fields: fields ?? {} })
  }
  const log = { info: write('info'), warn: write('warn'), error: write('error') }
  const host = await startHost(loadConfig(configFile, process.env), dataDir, { log, ...options })
  const proxyPort = Number(host.proxy.slice(host.proxy.lastIndexOf(':') + 1))
  return {
    host,
    folder,
    dataDir,
    configFile,
    proxyPort,
    web: host.web,
    logged,
    through: (token, database = 'shop') => Wire.login({ port: proxyPort }, { password: token, database }),
    call: async (token, method, at, body) => {
      const response = await fetch(new URL(at, host.web), {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text }
    },
    stop: async () => {
      await host.close(0)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
