import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'
import { Wire } from '../../helpers/wire-client.ts'

describe('when the database goes away', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: ALLOW_ALL })
  })
  afterAll(async () => fixture?.stop())

  const refusal = async () => {
    const wire = await Wire.connect({ port: fixture.port })
    const fields = await wire.login({ password: AGENT_TOKEN })
    wire.destroy()
    return fields
  }

  it('a session that runs is told so and closed; new ones are refused clearly; all works again when it is back', async () => {
    const idle = await fixture.through()
    const busy = await fixture.through()
    busy.send(m.query('SELECT pg_sleep(30)'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await fixture.postgres.crash()
    for (const wire of [idle, busy]) {
      expect(await wire.closed()).toBe(true)
      const last = wire.messages.findLast(({ tag }) => tag === 'E')?.body.toString('utf8')
      expect(last).toMatch(/SFATAL/)
      expect(last).toMatch(/C(57P0\d|08\w{3})/)
    }
    const down = await refusal()
    expect(down).toMatchObject({ S: 'FATAL', C: expect.stringMatching(/^(08006|08001|57P03)$/) })
    expect(down?.['M']).toMatch(/shop|database/)

    await fixture.postgres.start()
    await expect.poll(refusal, { timeout: 10_000 }).toBeUndefined()
    const wire = await fixture.through()
    expect((await wire.query('SELECT count(*) FROM public.customers')).text).toEqual([['50']])
  })

  it('one back end ended by an administrator ends one session only', async () => {
    const [one, other] = [await fixture.through(), await fixture.through()]
    const pid = (await one.query('SELECT pg_backend_pid()')).text[0]?.[0]
    await fixture.postgres.query(`SELECT pg_terminate_backend(${pid})`)
    expect(await one.closed()).toBe(true)
    expect(one.messages.findLast(({ tag }) => tag === 'E')?.body.toString('utf8')).toContain('C57P01')
    expect((await other.query('SELECT 1')).text).toEqual([['1']])
  })

  it('starts with the database down, and serves once it is up', async () => {
    const own = await startGateway({ policy: ALLOW_ALL })
    try {
      await own.postgres.crash()
      await expect(own.through()).rejects.toThrow(/^(08006|08001|57P03)/)
      await own.postgres.start()
      await expect.poll(async () => (await own.through()).ended, { timeout: 10_000 }).toBe(false)
    } finally {
      await own.stop()
    }
  })
})
