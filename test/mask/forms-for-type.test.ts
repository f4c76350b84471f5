import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { formFits, formsForType, misfitForms } from '../../proxy/mask/forms-for-type.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf } from '../verdict/policy-fixture.ts'

beforeAll(() => loadModule())

describe('a form and a type', () => {
  it('says why they do not go together', () => {
    expect(formFits('redact', 'numeric')).toBe(undefined)
    expect(formFits('null', 'numeric')).toBe(undefined)
    expect(formFits('partial', 'text')).toBe(undefined)
    expect(formFits('token', 'uuid')).toBe(undefined)
    expect(formFits('partial', 'numeric')).toContain('numeric cannot hold the last four characters')
    expect(formFits('token', 'date')).toContain('date cannot hold a token')
  })

  it('knows how long a token is', () => {
    expect(formFits('token', 'varchar', 24)).toBe(undefined)
    expect(formFits('token', 'varchar', 23)).toBe(
      'varchar(23) has no room for a token of 24 characters: the column will be masked as "redact"',
    )
    expect(formFits('partial', 'varchar', 3)).toBe(undefined)
  })

  it('lists what a type can have', () => {
    expect(formsForType('text')).toEqual(['redact', 'partial', 'null', 'token'])
    expect(formsForType('jsonb')).toEqual(['redact', 'null', 'token'])
    expect(formsForType('date')).toEqual(['redact', 'null'])
    expect(formsForType('text[]')).toEqual(['redact', 'null'])
    expect(formsForType('bpchar', 10)).toEqual(['redact', 'partial', 'null'])
  })
})

it('finds the labelled columns of a database that cannot have their label’s form', () => {
  const sensitive = [
    { label: 'pay', mask: 'partial' as const, columns: ['public.employees.salary', 'public.employees.diagnosis'] },
    { label: 'profile', mask: 'token' as const, columns: ['public.customers.id', 'public.customers.profile'] },
    { label: 'plain', mask: 'redact' as const, columns: ['public.orders.*'] },
  ]
  const found = misfitForms(policyOf([], { sensitive }), shopCatalog())
  expect(found.map(({ column, form, fits }) => [column, form, fits])).toEqual([
    ['public.customers.id', 'token', ['redact', 'null']],
    ['public.employees.salary', 'partial', ['redact', 'null']],
    // A foreign table that stands for the first.
    ['public.remote_customers.id', 'token', ['redact', 'null']],
  ])
  expect(found[1]?.why).toBe('public.employees.salary: numeric cannot hold the last four characters: the column will be masked as "redact"')
})
