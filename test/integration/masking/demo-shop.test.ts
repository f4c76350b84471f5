import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadShop } from '../../../build/demo/shop/load-shop.ts'
import { findUnprotected } from '../../../main/masking/find-unprotected.ts'
import { previewTable } from '../../../main/masking/preview-table.ts'
import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import { readCatalog } from '../../../proxy/catalog/read.ts'
import { openOwnConnection } from '../../../proxy/login/query.ts'
import type { Upstream } from '../../../proxy/ports.ts'
import { type Analyst, createAnalyst } from '../../../proxy/statement/analyst.ts'
import { compilePolicy } from '../../helpers/policy-literal.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'

/** The demo's shop, with the demo's labels but for those of `contact`. */
const policy = compilePolicy('shop', {
  rules: [],
  sensitive: [
    { label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] },
    { label: 'birth', mask: 'token', columns: ['public.customers.born'] },
    { label: 'phone', mask: 'partial', columns: ['public.customers.phone'] },
    { label: 'cards', mask: 'partial', columns: ['billing.payments.card'] },
  ],
  patterns: [
    { name: 'credit_card', mask: 'partial' },
    { name: 'ssn', mask: 'redact' },
  ],
})

let postgres: Postgres
let upstream: Upstream
let catalog: Catalog
let analyst: Analyst

beforeAll(async () => {
  postgres = await startPostgres()
  await postgres.query("CREATE ROLE app_rw LOGIN PASSWORD 'pw'")
  await postgres.query('CREATE DATABASE shop OWNER app_rw')
  const client = new pg.Client({ connectionString: postgres.url('shop') })
  await client.connect()
  await loadShop(client, 'app_rw', { seed: 'test', today: new Date('2026-11-24T00:00:00Z'), scale: 0.03 }, () => undefined)
  await client.query('CREATE TABLE public.locked (email text); ALTER TABLE public.locked OWNER TO postgres')
  await client.end()
  upstream = {
    connection: 'shop',
    host: postgres.host,
    port: postgres.port,
    database: 'shop',
    user: 'app_rw',
    password: 'pw',
    tls: 'disable',
    limits: { statementTimeoutMs: 1000, rows: 1, resultBytes: 1, connectionsPerPerson: 1 },
  }
  const own = await openOwnConnection(upstream)
  catalog = await readCatalog((sql) => own.query(sql))
  own.close()
  analyst = await createAnalyst()
}, 120_000)
afterAll(async () => {
  await analyst?.close()
  await postgres?.stop()
})

function relation(name: string) {
  const found = [...catalog.relations()].find((one) => one.label === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

describe('the preview', () => {
  it('shows rows before and after, by the plan of the gateway itself', async () => {
    const input = { upstream, catalog, policy, analyst, relation: relation('public.customers'), limit: 5 }
    const shown = await previewTable({ ...input, before: true })
    const at = (name: string) => shown.columns.findIndex((column) => column.name === name)
    expect(shown.before).toHaveLength(5)
    expect(shown.after).toHaveLength(5)
    for (const [i, row] of shown.after.entries()) {
      const was = shown.before?.[i] ?? []
      expect(row[at('name')]).toBe(was[at('name')])
      expect(row[at('ssn')]).toBe(was[at('ssn')] === null ? null : '*redacted*')
      expect(row[at('born')]).toBe(was[at('born')] === null ? null : '1970-01-01')
      if (was[at('phone')] !== null) expect(row[at('phone')]).toBe(`****${was[at('phone')]?.replaceAll(/\D/g, '').slice(-4)}`)
    }
    expect(shown.columns[at('born')]).toMatchObject({ label: 'birth', note: expect.stringContaining('date cannot hold a token') as string })
    expect(shown.masked).toEqual(['birth', 'phone', 'pii'])
    expect(await previewTable({ ...input, before: false })).toMatchObject({ before: null, after: shown.after })
  })
})

describe('the report of what is not protected', () => {
  it('names columns by name and by values, tells no value, and leaves out what has a label', async () => {
    const report = await findUnprotected({ upstream, catalog, policy })
    const by = new Map(report.columns.map((one) => [one.column, one]))
    expect(by.get('public.customers.email')).toMatchObject({ looksLike: 'an e-mail address', suggestedLabel: 'contact', values: 200 })
    expect(by.get('public.customers.email')?.patterns).toContainEqual({ pattern: 'email', hits: 200, searchedFor: false })
    expect(by.get('support.staff.email')).toBeDefined()
    expect(by.get('public.addresses.postcode')).toMatchObject({ looksLike: 'a postal address' })
    expect(by.get('internal.salaries.salary')).toMatchObject({ looksLike: 'what somebody earns' })
    expect(by.get('internal.api_keys.secret')?.patterns.map((one) => one.pattern)).toContain('api_key')
    for (const protectedColumn of ['public.customers.ssn', 'public.customers.phone', 'billing.payments.card']) {
      expect(by.has(protectedColumn), protectedColumn).toBe(false)
    }
    for (const plain of ['public.orders.total', 'public.products.price', 'public.stock.quantity', 'public.categories.slug']) {
      expect(by.has(plain), plain).toBe(false)
    }
    expect(by.get('public.locked.email')).toMatchObject({ values: 0, patterns: [] })
    expect(report.skipped).toEqual([{ table: 'public.locked', why: expect.stringContaining('permission denied') as string }])
    expect(JSON.stringify(report)).not.toMatch(/@|\d{3}-\d{2}-\d{4}/)
  })

  it('is bounded in time', async () => {
    const report = await findUnprotected({ upstream, catalog, policy, budgetMs: -1 })
    expect(report.skipped.length).toBeGreaterThan(5)
    expect(report.columns.find((one) => one.column === 'public.customers.email')).toMatchObject({ values: 0 })
  })
})
