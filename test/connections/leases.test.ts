import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { type Config, parseConfig } from '../../main/config.ts'
import { type ConnectionLeases, createLeases } from '../../main/connections/create-leases.ts'
import { createUpstreams } from '../../main/connections/upstreams.ts'

/** As much of HashiCorp Vault as its documentation says of these four calls. */
interface FakeVault {
  readonly calls: string[]
  ttl: number
  /** What a renewal gives; undefined: as much as at first. */
  renewed: number | undefined
  down: boolean
  revoked: string[]
}

let vault: FakeVault
let server: Server
let leases: ConnectionLeases
let now = 1_700_000_000_000

beforeEach(async () => {
  vault = { calls: [], ttl: 3600, renewed: undefined, down: false, revoked: [] }
  let made = 0
  let token = ''
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = parts.length > 0 ? (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>) : {}
      const answer = (status: number, json: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
      vault.calls.push(`${request.method} ${request.url}`)
      if (vault.down) return answer(503, { errors: ['Vault is sealed'] })
      if (request.url === '/v1/auth/approle/login') {
        if (body['secret_id'] !== 'the-secret-id') return answer(400, { errors: ['invalid role or secret ID'] })
        token = `hvs.${vault.calls.length}`
        return answer(200, { auth: { client_token: token, lease_duration: 600 } })
      }
      if (request.headers['x-vault-token'] !== token) return answer(403, { errors: ['permission denied'] })
      if (request.url === '/v1/database/creds/agents') {
        made += 1
        const data = { username: `v-agents-${made}`, password: `p${made}` }
        return answer(200, { lease_id: `database/creds/agents/${made}`, lease_duration: vault.ttl, renewable: true, data })
      }
      if (request.url === '/v1/sys/leases/renew') {
        return answer(200, { lease_id: body['lease_id'], lease_duration: vault.renewed ?? vault.ttl, renewable: true })
      }
      vault.revoked.push(String(body['lease_id']))
      return answer(204, {})
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await leases.close(1000)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function configOf(secretId = 'the-secret-id'): Config {
  const { port } = server.address() as AddressInfo
  return parseConfig(
    `identity: { providers: [{ name: a, issuer: "https://a.example", audience: x, clientId: y }] }
connections:
  - name: shop
    engine: postgres
    host: h
    database: d
    groups: [g]
    credentials: { vault: { address: "http://127.0.0.1:${port}", role: agents, approle: { roleId: r, secretId: ${secretId} } } }`,
    { file: 'f.yaml', folder: '/', env: {} },
  )
}

function open(config = configOf()) {
  const logged: { event: string; fields: unknown }[] = []
  const write = (event: string, fields?: unknown) => void logged.push({ event, fields })
  const inForce = createConfigInForce(config)
  leases = createLeases({ config: inForce, clock: { now: () => now }, log: { info: write, warn: write, error: write } })
  const upstreams = createUpstreams(config, leases)
  return { inForce, upstreams, logged }
}

const until = async (holds: () => boolean) => {
  const end = Date.now() + 4000
  while (!holds()) {
    if (Date.now() > end) expect.unreachable('it did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

it('a user is leased, new logins use it, and it is given back at the end', async () => {
  const { upstreams } = open()
  expect(() => upstreams.own('shop')).toThrow(/cannot be leased just now/)
  await leases.ready(4000)
  expect(upstreams.own('shop')).toMatchObject({ user: 'v-agents-1', password: 'p1' })
  expect(leases.until('shop')).toBe(now + 3_600_000)
  expect(leases.trouble()).toEqual([])
  await leases.close(2000)
  expect(vault.revoked).toEqual(['database/creds/agents/1'])
  expect(leases.current('shop')).toBeUndefined()
})

it('it is renewed before its end, and another one is taken where Vault gives no more time', async () => {
  vault.ttl = 0.3
  open()
  await leases.ready(4000)
  await until(() => vault.calls.filter((call) => call.endsWith('leases/renew')).length >= 2)
  expect(leases.current('shop')?.user).toBe('v-agents-1')
  vault.renewed = 0.01
  await until(() => leases.current('shop')?.user === 'v-agents-2')
})

it('what Vault says is told, the present user is used to its end, and it is tried again', async () => {
  vault.ttl = 0.3
  const { logged } = open()
  await leases.ready(4000)
  vault.down = true
  await until(() => leases.failure('shop') !== undefined)
  expect(leases.failure('shop')).toBe('Vault answered 503: Vault is sealed')
  expect(leases.current('shop')?.user).toBe('v-agents-1')
  now += 1000
  expect(leases.current('shop')).toBeUndefined()
  expect(leases.trouble()).toEqual([expect.stringContaining('“shop” cannot be leased from Vault (Vault answered 503: Vault is sealed)')])
  vault.down = false
  await until(() => leases.current('shop') !== undefined)
  expect(leases.trouble()).toEqual([])
  expect(JSON.stringify(logged)).not.toContain('hvs.')
})

it('a wrong secret, and a Vault that is not there, are said in words', async () => {
  open(configOf('another'))
  await leases.ready(4000)
  expect(leases.failure('shop')).toBe('Vault answered 400: invalid role or secret ID')
  await leases.close(1000)
  const config = configOf()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  open(config)
  await leases.ready(4000)
  expect(leases.failure('shop')).toBe('Vault cannot be reached (ECONNREFUSED)')
})

it('follows the configuration: a lease whose connection is gone is given back, one that says the same goes on', async () => {
  const { inForce } = open()
  await leases.ready(4000)
  inForce.replace(configOf())
  expect(leases.current('shop')?.user).toBe('v-agents-1')
  inForce.replace({ ...configOf(), connections: [] })
  expect(leases.current('shop')).toBeUndefined()
  await until(() => vault.revoked.length === 1)
})
