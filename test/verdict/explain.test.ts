import { describe, expect, it } from 'vitest'
import { explain } from '../../proxy/verdict/explain.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf, USUAL } from './policy-fixture.ts'

const options = { policy: policyOf(USUAL), groups: ['agents'], now: new Date(2026, 10, 24) }

describe('explain', () => {
  it('takes what the statement names to exist, and says so', async () => {
    const explanation = await explain("SELECT id FROM customers WHERE ssn = '1' AND city = lower('X')", options)
    expect(explanation).toMatchObject({ effect: 'ask', assumed: true, error: null, labels: ['pii'] })
    expect(explanation.rule?.place).toBe(1)
    expect(explanation.facts.columns).toContainEqual({ name: 'public.customers.ssn', how: 'uses', label: 'pii' })
  })

  it('judges by a catalog where there is one', async () => {
    const explanation = await explain('SELECT nothing FROM orders', { ...options, catalog: shopCatalog() })
    expect(explanation).toMatchObject({ effect: 'deny', assumed: false })
    expect(explanation.facts.unknown).toEqual(['column "nothing"'])
  })

  it('says what could not be read, and where', async () => {
    const explanation = await explain('SELEC 1', options)
    expect(explanation).toMatchObject({ effect: 'deny', rule: null, error: { sqlstate: '42601', position: 1 } })
  })

  it('is plain JSON', async () => {
    const explanation = await explain('DROP TABLE orders', options)
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
  })
})
