import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import type { Wire } from '../../helpers/wire-client.ts'

/** Everything is allowed, and still masked: a schema change must not become a way around the labels. */
const MASKED_ONLY = { ...READS_AND_ASKED_WRITES, rules: [{ effect: 'allow' as const }] }

describe('a view that is made on the way', () => {
  let fixture: GatewayFixture
  let wire: Wire

  beforeAll(async () => {
    fixture = await startGateway({ policy: MASKED_ONLY })
    const direct = await fixture.direct()
    await direct.query("CREATE VIEW public.harmless AS SELECT 'nothing'::text AS x FROM public.customers")
    wire = await fixture.through()
  })
  afterAll(() => fixture.stop())

  const REMAKE = 'CREATE OR REPLACE VIEW public.harmless AS SELECT ssn::text AS x FROM public.customers'
  const READ = 'SELECT substr(x, 1, 99) AS y FROM public.harmless'

  it('is not read in the transaction that remade it', async () => {
    await wire.query('BEGIN')
    expect((await wire.query(REMAKE)).errors).toEqual([])
    const simple = await wire.query(READ)
    expect(simple.errors[0]).toMatchObject({ C: '42501', M: 'denied: this transaction has changed the schema' })
    expect(simple.rows).toEqual([])
    expect((await wire.query('ROLLBACK')).status).toBe('I')
    expect((await wire.query(READ)).errors).toEqual([])
  })

  it('is not read in the extended protocol either', async () => {
    await wire.query('BEGIN')
    await wire.extended(REMAKE, [])
    expect((await wire.extended(READ, [])).errors[0]).toMatchObject({ C: '42501' })
    await wire.query('ROLLBACK')
  })

  it('is not read later in the same string', async () => {
    const { errors, rows } = await wire.query(`${REMAKE}; ${READ}`)
    expect(errors[0]).toMatchObject({ C: '42501' })
    expect(rows).toEqual([])
  })

  it('is read masked once the change is committed', async () => {
    expect((await wire.query(REMAKE)).errors).toEqual([])
    const { errors, text } = await wire.query('SELECT x FROM public.harmless LIMIT 1')
    expect(errors).toEqual([])
    expect(text).toEqual([['*redacted*']])
  })
})
