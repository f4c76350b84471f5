import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import type { Wire } from '../../helpers/wire-client.ts'

describe('a name that is not there', () => {
  let fixture: GatewayFixture
  let through: Wire
  let direct: Wire

  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
    through = await fixture.through()
    direct = await fixture.direct()
  })
  afterAll(() => fixture.stop())

  it.each(['SELECT * FROM nowhere', 'SELECT nothing FROM public.customers', 'SELECT id, nmae FROM public.customers WHERE id = 1'])(
    'is told as the server tells it: %s',
    async (sql) => {
      const ours = (await through.query(sql)).errors[0]
      const theirs = (await direct.query(sql)).errors[0]
      expect({ C: ours?.['C'], M: ours?.['M'], P: ours?.['P'] }).toEqual({ C: theirs?.['C'], M: theirs?.['M'], P: theirs?.['P'] })
      expect((await through.query('SELECT 1')).text).toEqual([['1']])
    },
  )

  it('is looked up once more first: a table that was made a moment ago is there', async () => {
    await direct.query('CREATE TABLE public.made_just_now (id int)')
    expect((await through.query('SELECT id FROM made_just_now')).errors).toEqual([])
    await direct.query('CREATE TABLE public.and_another (id int)')
    expect((await through.extended('SELECT id FROM public.and_another', [])).errors).toEqual([])
  })

  it('does not hide what else stands against a statement', async () => {
    const { errors } = await through.query('DROP TABLE nowhere')
    expect(errors[0]?.['C']).toBe('42501')
  })
})
