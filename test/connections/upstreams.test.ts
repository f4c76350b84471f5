import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../main/config.ts'
import { createUpstreams } from '../../main/connections/upstreams.ts'
import type { Identity } from '../../proxy/ports.ts'

const YAML = readFileSync(path.join(import.meta.dirname, '../config/fixtures/contract.yaml'), 'utf8')
const configOf = (yaml: string) => parseConfig(yaml, { file: 'f.yaml', folder: '/', env: { OIDC_SECRET: 'a', SHOP_PASSWORD: 'pw' } })

const who = (...groups: string[]): Identity => ({
  issuer: 'https://login.corp/realms/main',
  subject: 'cursor-agent',
  name: 'Cursor',
  groups,
  kind: 'agent',
  client: 'cursor-agent',
  expiresAt: Date.now() + 60_000,
})

describe('connections', () => {
  const upstreams = createUpstreams(configOf(YAML))

  it('open for someone in one of their groups, with our credential', () => {
    expect(upstreams.open('shop', who('other', 'ai-agents'))).toEqual({
      connection: 'shop',
      host: '10.0.0.5',
      port: 5432,
      database: 'shop',
      user: 'app_rw',
      password: 'pw',
      tls: 'verify-full',
      limits: { statementTimeoutMs: 30_000, rows: 100_000, resultBytes: 67_108_864, connectionsPerPerson: 20 },
    })
  })

  it('answer an unknown name and a wrong group alike', () => {
    expect(upstreams.open('shop', who('engineering'))).toBeUndefined()
    expect(upstreams.open('shop', who())).toBeUndefined()
    expect(upstreams.open('nothing', who('ai-agents'))).toBeUndefined()
    expect(upstreams.open('__proto__', who('ai-agents'))).toBeUndefined()
  })

  it('are replaced all at once', () => {
    const own = createUpstreams(configOf(YAML))
    own.replace(
      configOf(YAML.replace('host: 10.0.0.5', 'host: 10.0.0.6').replace('groups: [ai-agents]\n    limits', 'groups: [others]\n    limits')),
    )
    expect(own.open('shop', who('ai-agents'))).toBeUndefined()
    expect(own.open('shop', who('others'))?.host).toBe('10.0.0.6')
    expect(own.own('shop')?.host).toBe('10.0.0.6')
  })
})
