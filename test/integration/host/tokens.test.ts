import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import { Wire } from '../../helpers/wire-client.ts'

describe('tokens at the gateway’s door', () => {
  let postgres: Postgres
  let issuer: Issuer
  let foreign: Issuer
  let host: HostFixture
  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
    foreign = await startIssuer()
    host = await startTestHost({ issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] })
  })
  afterAll(async () => {
    await host?.stop()
    await Promise.all([issuer?.stop(), foreign?.stop()])
    await postgres?.stop()
  })

  const refusal = async (token: string, database = 'shop') => {
    const wire = await Wire.connect({ port: host.proxyPort })
    const fields = await wire.login({ password: token, database })
    wire.destroy()
    return fields
  }

  it('a good token opens the door', async () => {
    const wire = await host.through(await issuer.mint())
    expect((await wire.query('SELECT count(*) FROM public.customers')).text).toEqual([['50']])
    await wire.end()
  })

  it.each([
    ['expired', () => issuer.bad.expired(), /expired/],
    ['not yet valid', () => issuer.bad.notYet(), /not.*(yet|valid|before)/i],
    ['for another audience', () => issuer.bad.otherAudience(), /audience/],
    ['of another issuer', () => issuer.bad.otherIssuer(), /issuer/],
    ['of another provider altogether', () => foreign.mint(), /issuer/],
    ['unsigned (alg none)', () => issuer.bad.unsigned(), /algorithm|sign/i],
    ['signed by a key that was never published', () => issuer.bad.foreignKey(), /signature|key/],
    ['signed with the public key as a secret', () => issuer.bad.confusedAlgorithm(), /algorithm/],
    ['changed after signing', () => issuer.bad.tampered(), /signature/],
    ['without an expiry', () => issuer.bad.withoutExpiry(), /exp/],
    ['not a token', async () => 'hunter2', /token/i],
    ['empty', async () => '', /token|password/i],
    ['of a megabyte', async () => 'x'.repeat(1_000_000), /./],
  ])('a token that is %s is refused with 28000 and the reason, and is written nowhere', async (_what, make, reason) => {
    const token = await make()
    const fields = await refusal(token)
    expect(fields).toMatchObject({ S: 'FATAL', C: expect.stringMatching(/^(28000|08P01|54000)$/) })
    expect(fields?.['M']).toMatch(reason)
    if (token.length > 20) {
      const part = token.split('.')[1] || token
      expect(JSON.stringify([fields, host.logged])).not.toContain(part)
    }
  })

  it('an unknown connection and a foreign one are told alike', async () => {
    const unknown = await refusal(await issuer.mint(), 'nothing')
    const stranger = await refusal(await issuer.mint({ groups: ['visitors'] }), 'shop')
    expect(unknown?.['M']?.replace('nothing', 'shop')).toBe(stranger?.['M'])
    expect(unknown?.['C']).toBe(stranger?.['C'])
  })

  it('new keys of the provider are found without a restart', async () => {
    await issuer.rotate()
    await expect.poll(async () => refusal(await issuer.mint()), { timeout: 15_000, interval: 500 }).toBeUndefined()
  })
})
