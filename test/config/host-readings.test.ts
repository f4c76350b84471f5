import { describe, expect, it } from 'vitest'
import { newReadings } from '../../main/config/host-readings.ts'
import { movedSecrets } from '../../main/config/moved-secrets.ts'

const shop = { name: 'shop', host: 'db.corp', port: 5432, database: 'shop', user: 'app', password: `\${env:SHOP}`, ca: 'tls/ca.pem' }
const dwh = { name: 'dwh', host: 'dwh.corp', database: 'dwh', user: 'app', password: `\${vault:connections.dwh.password}` }
const hook = { name: 'ops', webhook: { url: 'https://hooks.corp/x', secret: `\${vault:notify.ops.webhook.secret}` } }
const corp = { name: 'corp', issuer: 'https://login.corp', clientId: 'web', clientSecret: `\${env:OIDC}` }
const IN_FORCE = { connections: [shop, dwh], notify: [hook], identity: { providers: [corp] } }

const readings = (value: unknown) => newReadings(value, [IN_FORCE]).map(({ path, what }) => `${path.join('.')} ${what}`)
const moved = (value: unknown, kept = false) =>
  movedSecrets(value, [IN_FORCE], () => kept).map(({ path, differs }) => `${path.join('.')} ${differs}`)
const connections = (...list: object[]) => ({ ...IN_FORCE, connections: list })

describe('what a text over the API may not have the host read', () => {
  it('nothing, where it has what is in force, in another order too', () => {
    expect(readings(IN_FORCE)).toEqual([])
    expect(readings(connections(dwh, shop))).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a file in a name, which comes back in a fault', { ...shop, name: `\${file:/etc/passwd}` }, 'connections.0.name'],
    ['a variable in a host, which goes to the DNS', { ...shop, host: `\${env:SALLYPORT_VAULT_KEY}` }, 'connections.0.host'],
    ['a credential of the vault in a name', { ...shop, name: `x\${vault:connections.dwh.password}` }, 'connections.0.name'],
    ['another connection’s credential', { ...shop, password: `\${vault:connections.dwh.password}` }, 'connections.0.password'],
    ['one that another connection has', { ...dwh, password: `\${env:SHOP}` }, 'connections.0.password'],
    ['a new variable', { ...shop, password: `\${env:PATH}` }, 'connections.0.password'],
    ['a device as a certificate', { ...shop, ca: '/dev/zero' }, 'connections.0.ca'],
  ])('%s', (_what, entry, place) => {
    const found = readings(connections(entry))
    expect(found).not.toEqual([])
    expect(found.some((one) => one.startsWith(`${place} `))).toBe(true)
  })

  it('what the vault keeps for that very place may be named there', () => {
    expect(readings(connections({ ...shop, password: `\${vault:connections.shop.password}` }))).toEqual([])
    expect(readings(connections({ ...shop, user: `\${vault:connections.shop.password}` }))).toEqual([
      `connections.0.user \${vault:connections.shop.password}`,
    ])
  })
})

describe('a credential that is kept goes only to where it was written for', () => {
  it('stays where it is', () => {
    expect(moved(IN_FORCE, true)).toEqual([])
    expect(moved(connections({ ...shop, database: 'other', limits: { rows: 5 } }), true)).toEqual([])
    expect(moved(connections({ ...shop, tls: 'verify-full' }), true)).toEqual([])
  })

  it.each<[string, object, string]>([
    ['another host', { ...shop, host: 'evil.example' }, 'connections.0 host'],
    ['another port', { ...dwh, port: 5433 }, 'connections.0 port'],
    ['less proof of who it is', { ...shop, tls: 'require' }, 'connections.0 tls'],
  ])('%s', (_what, entry, expected) => {
    expect(moved(connections(entry), true)).toEqual([expected])
    // With its credential written out it may go anywhere.
    expect(moved(connections({ ...entry, password: 'written anew' }), true)).toEqual([])
  })

  it('a connection that says nothing of its password has it in the vault', () => {
    const { password: _password, ...silent } = dwh
    expect(movedSecrets(connections({ ...silent, host: 'evil.example' }), [connections(silent)], () => true)).toMatchObject([
      { differs: 'host' },
    ])
    expect(movedSecrets(connections({ ...silent, host: 'evil.example' }), [connections()], () => true)).toMatchObject([
      { differs: 'the credential of another "dwh"' },
    ])
    expect(movedSecrets(connections({ ...silent, host: 'new.corp' }), [connections()], () => false)).toEqual([])
  })

  it('webhooks and providers too', () => {
    expect(moved({ ...IN_FORCE, notify: [{ ...hook, webhook: { ...hook.webhook, url: 'https://evil.example' } }] }, true)).toEqual([
      'notify.0 webhook.url',
    ])
    expect(moved({ ...IN_FORCE, identity: { providers: [{ ...corp, issuer: 'https://evil.example' }] } })).toEqual([
      'identity.providers.0 issuer',
    ])
  })
})
