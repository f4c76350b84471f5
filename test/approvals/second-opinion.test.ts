import { describe, expect, it } from 'vitest'
import { secondOpinion } from '../../main/approvals/second-opinion.ts'
import type { RecordedFacts } from '../../main/recordings/describe-facts.ts'

const factsOf = (...names: string[]) => [{ relations: names.map((name) => ({ name, access: 'read' })) } as unknown as RecordedFacts]

describe('the second reader of SQL', () => {
  it('agrees when the facts hold every table that it sees', () => {
    const sql = 'UPDATE public.customers SET email = 1 WHERE id IN (SELECT customer_id FROM billing.orders)'
    expect(secondOpinion(sql, factsOf('public.customers', 'billing.orders'))).toEqual([])
    expect(secondOpinion('DELETE FROM Carts', factsOf('public.carts'))).toEqual([])
  })

  it('names a table that the facts do not hold', () => {
    const sql = 'UPDATE public.customers SET email = 1 WHERE id IN (SELECT customer_id FROM billing.orders)'
    expect(secondOpinion(sql, factsOf('public.customers'))).toEqual(['billing.orders'])
  })

  it('knows a name of WITH from a table', () => {
    expect(secondOpinion('WITH d AS (SELECT id FROM carts) SELECT * FROM d', factsOf('public.carts'))).toEqual([])
    expect(secondOpinion('WITH d (a) AS MATERIALIZED (SELECT id FROM hidden) SELECT * FROM d', factsOf())).not.toContain('d')
  })

  it('says nothing of what it cannot read', () => {
    expect(secondOpinion('MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE', factsOf())).toEqual([])
    expect(secondOpinion('not sql at all (', factsOf())).toEqual([])
    expect(secondOpinion(`SELECT ${'1+'.repeat(10_000)}1 FROM hidden`, factsOf())).toEqual([])
  })
})
