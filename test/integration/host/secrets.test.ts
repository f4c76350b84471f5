/** After a run with everything on: no credential, token or key in a file, a log or an answer, but for the vault's ciphertext. */
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadConfig } from '../../../main/config.ts'
import { type Host, startHost } from '../../../main/host.ts'
import { openVault } from '../../../main/vault/open-vault.ts'
import { writeConfig } from '../../helpers/host-config.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'

const CANARIES = {
  password: 'canary-password-8d1f',
  clientSecret: 'canary-client-secret-77aa',
  hook: 'canary-hook-secret-55bb-long-enough',
  slack: 'canary-slack-path-33cc',
  metrics: 'canary-metrics-token-11dd',
  vaultKey: 'canary-vault-key-99ee-long-enough',
}
/** As a configuration writes it. */
const reference = (name: string): string => `\${env:${name}}`

const folder = fs.mkdtempSync('/tmp/sallyport-secrets-')
const dataDir = path.join(folder, 'data')
const logged: string[] = []
const answers: string[] = []
const tokens: string[] = []
let provider: Issuer
let host: Host

beforeAll(async () => {
  provider = await startIssuer()
  const file = writeConfig(folder, {
    issuer: provider.issuer,
    connections: [{ name: 'shop', port: 1, password: reference('SHOP_PASSWORD') }],
    provider: { clientSecret: reference('CLIENT_SECRET') },
    web: { metrics: { token: reference('METRICS') } },
    extra: {
      notify: [
        { name: 'ops', webhook: { url: 'http://127.0.0.1:9/', secret: reference('HOOK') } },
        { name: 'slack', slack: { url: reference('SLACK') } },
      ],
    },
  })
  const env = {
    ...{ SHOP_PASSWORD: CANARIES.password, CLIENT_SECRET: CANARIES.clientSecret, METRICS: CANARIES.metrics, HOOK: CANARIES.hook },
    ...{ SLACK: `http://127.0.0.1:9/${CANARIES.slack}`, SALLYPORT_VAULT_KEY: CANARIES.vaultKey },
  }
  const write = (event: string, fields?: object): void => void logged.push(`${event} ${JSON.stringify(fields ?? {})}`)
  host = await startHost(loadConfig(file, env), dataDir, { log: { info: write, warn: write, error: write }, env })
}, 60_000)

afterAll(async () => {
  await provider.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

test('nothing of a secret is anywhere but sealed in the vault', async () => {
  tokens.push(
    await provider.mint({ sub: 'lena', name: 'Lena', azp: 'sallyport-web', groups: ['leads'], authTimeAgo: 10 }),
    await provider.mint(),
  )
  const call = async (token: string | undefined, method: string, at: string, body?: unknown): Promise<void> => {
    const response = await fetch(new URL(at, host.web), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    answers.push(`${method} ${at} ${await response.text()}`)
  }
  const document = (await (await fetch(new URL('/api/openapi.json', host.web))).json()) as {
    paths: Record<string, Record<string, { requestBody?: unknown }>>
  }
  for (const token of [...tokens, 'not-a-token', undefined]) {
    for (const [at, methods] of Object.entries(document.paths)) {
      if (at === '/api/stream') continue
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const place = at.replace('{name}', 'shop').replaceAll(/\{\w+\}/g, '1')
        await call(token, method.toUpperCase(), place, requestBody === undefined ? undefined : {})
      }
    }
  }
  await call(tokens[0], 'PUT', '/api/connections/shop/credential', { user: 'x', password: 'canary-written-22ff' })
  await call(CANARIES.metrics, 'GET', '/metrics')
  await vi.waitUntil(() => logged.length > 0)
  await host.close(0)

  const master = openVault(dataDir, CANARIES.vaultKey)
  const keys = master.names().flatMap((name) => {
    const secret = master.read(name) ?? Buffer.alloc(0)
    return [secret.toString('base64'), secret.toString('hex'), secret.toString('latin1')]
  })
  const parts = tokens.flatMap((token) => [token, token.split('.')[2] ?? token])
  const secrets = [...Object.values(CANARIES), 'canary-written-22ff', ...parts, ...keys].filter((secret) => secret.length >= 12)
  expect(secrets.length).toBeGreaterThan(10)
  const places: [string, string][] = [
    ['log', logged.join('\n')],
    ...answers.map((answer): [string, string] => [answer.slice(0, 60), answer]),
    ...filesUnder(dataDir).map((file): [string, string] => [file, fs.readFileSync(file, 'latin1')]),
  ]
  expect(places.length).toBeGreaterThan(100)
  for (const [where, text] of places)
    for (const secret of secrets) expect(text.includes(secret), `${where} holds ${secret.slice(0, 8)}…`).toBe(false)
}, 120_000)

function filesUnder(at: string): string[] {
  return fs.readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(at, entry.name)
    return entry.isDirectory() ? filesUnder(full) : [full]
  })
}
