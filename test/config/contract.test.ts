import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig, parseConfig } from '../../main/config.ts'

/** `${env:NAME}` without writing a template string's placeholder. */
const ref = (what: string): string => `\${${what}}`

const FIXTURE = path.join(import.meta.dirname, 'fixtures/contract.yaml')
const ENV = { OIDC_SECRET: 'oidc-hunter2', SHOP_PASSWORD: 'shop-hunter2' }

describe('the configuration of the contract', () => {
  const config = loadConfig(FIXTURE, ENV)

  it('is read with every value in its own unit', () => {
    expect(config.proxy.listen).toEqual({ host: '127.0.0.1', port: 6432 })
    expect(config.web.publicUrl).toBe('https://sallyport.corp:8443')
    expect(config.identity.recentSignInMs).toBe(900_000)
    expect(config.connections[0]?.limits).toEqual({
      statementTimeoutMs: 30_000,
      rows: 100_000,
      resultBytes: 64 * 1024 * 1024,
      connectionsPerPerson: 20,
    })
    expect(config.recordings).toEqual({ retentionMs: 90 * 86_400_000, resultBytesPerStatement: 1024 * 1024, sync: 'interval' })
    expect(config.policies[0]?.rules[0]).toMatchObject({ effect: 'ask', uses: ['pii'], approvers: ['dba'], waitMs: 300_000 })
  })

  it('knows the line of every rule', () => {
    const lines = readFileSync(FIXTURE, 'utf8').split('\n')
    for (const rule of config.policies[0]!.rules) expect(lines[rule.line - 1]).toContain(`effect: ${rule.effect}`)
  })

  it('is frozen all the way down', () => {
    expect(Object.isFrozen(config)).toBe(true)
    expect(() => (config.policies[0]!.rules as unknown[]).push({})).toThrow(TypeError)
    expect(() => Object.assign(config.connections[0]!.limits, { rows: 1 })).toThrow(TypeError)
  })

  it('gives secrets only to who asks for them by name', () => {
    expect(config.connections[0]?.password?.reveal()).toBe('shop-hunter2')
    expect(config.identity.providers[0]?.clientSecret?.reveal()).toBe('oidc-hunter2')
    for (const text of [JSON.stringify(config), inspect(config, { depth: 10, showHidden: true }), `${config.connections[0]?.password}`]) {
      expect(text).not.toContain('hunter2')
    }
    expect(JSON.stringify(config)).toContain('[secret]')
  })

  it('fills in what was left out', () => {
    const config = parseConfig(
      `identity: { providers: [{ name: a, issuer: "https://a.example", audience: x, clientId: y }] }
connections: [{ name: c, engine: postgres, host: h, database: d, user: u, password: p, groups: [g] }]`,
      { file: 'f.yaml', folder: '/', env: {} },
    )
    expect(config.proxy).toEqual({ listen: { host: '127.0.0.1', port: 6432 }, tls: undefined })
    expect(config.web.listen.port).toBe(8443)
    expect(config.identity.providers[0]).toMatchObject({ claims: { name: 'name', groups: 'groups' }, agents: { clients: [] } })
    expect(config.connections[0]).toMatchObject({ port: 5432, tls: 'verify-full', limits: { rows: 100_000, statementTimeoutMs: 30_000 } })
    expect(config.policies).toEqual([])
    expect(config.recordings.retentionMs).toBe(90 * 86_400_000)
  })

  it('asks the approvers of `roles` where an ask rule names none', () => {
    const yaml = readFileSync(FIXTURE, 'utf8').replace('statements: [write], approvers: [dba],', 'statements: [write],')
    const rule = parseConfig(yaml, { file: 'f', folder: '/', env: ENV }).policies[0]!.rules[2]!
    expect(rule).toMatchObject({ effect: 'ask', approvers: ['dba'] })
  })
})

describe('secrets from files', () => {
  it('are read relative to the configuration, without the last line end', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-config-'))
    writeFileSync(path.join(folder, 'db.secret'), 'from-a-file\n')
    const yaml = readFileSync(FIXTURE, 'utf8').replace(ref('env:SHOP_PASSWORD'), ref('file:db.secret'))
    writeFileSync(path.join(folder, 'sallyport.yaml'), yaml)
    const config = loadConfig(path.join(folder, 'sallyport.yaml'), ENV)
    expect(config.connections[0]?.password?.reveal()).toBe('from-a-file')
  })

  it('may give any text of identity, proxy, web and connections', () => {
    const yaml = readFileSync(FIXTURE, 'utf8')
      .replace('host: 10.0.0.5', `host: ${ref('env:DB_HOST')}`)
      .replace('port: 5432', `port: ${ref('env:DB_PORT')}`)
    const config = parseConfig(yaml, { file: 'f', folder: '/', env: { ...ENV, DB_HOST: 'db.corp', DB_PORT: '6000' } })
    expect(config.connections[0]).toMatchObject({ host: 'db.corp', port: 6000 })
  })
})
