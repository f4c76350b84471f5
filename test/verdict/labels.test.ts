import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf } from './policy-fixture.ts'

const catalog = shopCatalog()
const policy = policyOf([])
beforeAll(() => loadModule())

function label(name: string): string | undefined {
  const [schema, table = '', column = ''] = name.split('.')
  const relation = catalog.relationsNamed(table).find((one) => one.schema === schema)
  const attnum = column === '*' ? 0 : relation?.column(column)?.attnum
  if (relation === undefined || attnum === undefined) throw new Error(`no ${name}`)
  return compileLabels(policy, catalog).of(relation.oid, attnum)?.label
}

describe('a label', () => {
  it('is on the columns that the configuration names', () => {
    expect(label('public.customers.ssn')).toBe('pii')
    expect(label('public.customers.name')).toBeUndefined()
    expect(label('public.notes.body')).toBeUndefined()
    expect(label('private.notes.body')).toBe('pii')
  })

  it('is on the whole row that holds one', () => {
    expect(label('public.customers.*')).toBe('pii')
    expect(label('public.orders.*')).toBeUndefined()
  })

  it('follows views, views on views and materialized views', () => {
    expect(label('public.v_staff.remark')).toBe('pii')
    expect(label('public.v_staff.who')).toBeUndefined()
    expect(label('public.v_short.detail')).toBe('pii')
    expect(label('public.v_keys.key')).toBe('pii')
    expect(label('public.v_keys.id')).toBeUndefined()
    expect(label('public.mv_top.top')).toBe('pii')
  })

  it('follows partitions, foreign tables and foreign keys', () => {
    expect(label('billing.payments_2024.card')).toBe('pii')
    expect(label('public.remote_customers.national_no')).toBe('pii')
    expect(label('public.remote_customers.id')).toBeUndefined()
    expect(label('billing.tax_forms.ssn')).toBe('pii')
  })

  it('is on PostgreSQL’s own columns that hold others’ values', () => {
    expect(label('pg_catalog.pg_stats.most_common_vals')).toBe('system')
    expect(label('pg_catalog.pg_stats.attname')).toBeUndefined()
    expect(label('pg_catalog.pg_stat_activity.query')).toBe('system')
  })

  it('is kept by the identity of policy and catalog', () => {
    expect(compileLabels(policy, catalog)).toBe(compileLabels(policy, catalog))
    expect(compileLabels(policy, shopCatalog())).not.toBe(compileLabels(policy, catalog))
  })
})
