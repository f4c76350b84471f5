import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeRow, type Value } from '../../build/demo/shop/copy-text.ts'
import { generateShop } from '../../build/demo/shop/generate.ts'
import type { TableRows } from '../../build/demo/shop/shop-options.ts'

const TODAY = new Date('2026-11-24T00:00:00Z')
const make = (seed = 'test', scale = 0.03) => generateShop({ seed, today: TODAY, scale })

const shop = make()

function column(tables: readonly TableRows[], table: string, name: string): Value[] {
  const found = tables.find((each) => each.table === table)
  if (found === undefined) throw new Error(`no table ${table}`)
  const at = found.columns.indexOf(name)
  if (at < 0) throw new Error(`no column ${table}.${name}`)
  return [...found.rows()].map((row) => row[at] as Value)
}

function digest(tables: readonly TableRows[]): string {
  const hash = createHash('sha256')
  for (const table of tables) for (const row of table.rows()) hash.update(encodeRow(row))
  return hash.digest('hex')
}

describe('the shop’s rows', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(digest(make())).toBe(digest(shop))
    expect(digest(make('other'))).not.toBe(digest(shop))
  })

  it('fill every table, each row with a value for each column', () => {
    expect(shop.length).toBeGreaterThanOrEqual(16)
    for (const { table, columns, rows } of shop) {
      const all = [...rows()]
      expect(all.length, table).toBeGreaterThan(0)
      for (const row of all) expect(row.length, table).toBe(columns.length)
    }
  })

  it.each([
    ['public.addresses', 'customer_id', 'public.customers', 'id'],
    ['public.categories', 'parent_id', 'public.categories', 'id'],
    ['public.products', 'category_id', 'public.categories', 'id'],
    ['public.stock', 'product_id', 'public.products', 'id'],
    ['public.orders', 'customer_id', 'public.customers', 'id'],
    ['public.orders', 'address_id', 'public.addresses', 'id'],
    ['public.order_items', 'order_id', 'public.orders', 'id'],
    ['public.order_items', 'product_id', 'public.products', 'id'],
    ['public.carts', 'customer_id', 'public.customers', 'id'],
    ['public.reviews', 'product_id', 'public.products', 'id'],
    ['public.page_views', 'customer_id', 'public.customers', 'id'],
    ['public.support_tickets', 'customer_id', 'public.customers', 'id'],
    ['public.support_tickets', 'order_id', 'public.orders', 'id'],
    ['billing.payments', 'order_id', 'public.orders', 'id'],
    ['billing.payments', 'customer_id', 'public.customers', 'id'],
    ['billing.invoices', 'order_id', 'public.orders', 'id'],
    ['billing.refunds', 'payment_id', 'billing.payments', 'id'],
    ['support.replies', 'ticket_id', 'public.support_tickets', 'id'],
    ['support.replies', 'staff_id', 'support.staff', 'id'],
    ['internal.salaries', 'staff_id', 'support.staff', 'id'],
  ])('%s.%s names rows that exist', (table, name, other, key) => {
    const keys = new Set(column(shop, other, key))
    for (const value of column(shop, table, name))
      if (value !== null) expect(keys.has(value), `${table}.${name} ${String(value)}`).toBe(true)
  })

  it('give every customer another e-mail address, in a domain that is nobody’s', () => {
    const emails = column(shop, 'public.customers', 'email').map(String)
    expect(new Set(emails).size).toBe(emails.length)
    for (const email of emails) expect(email).toMatch(/^[a-z0-9._]+@([a-z]+\.example|example\.(com|net))$/)
  })

  it('have names from many cultures, some of them not in Latin letters', () => {
    const names = column(shop, 'public.customers', 'name').map(String)
    expect(new Set(names).size).toBeGreaterThan(names.length / 2)
    expect(names.some((name) => /[\u3040-\u9fff\uac00-\ud7a3]/.test(name))).toBe(true)
    expect(names.some((name) => /[\u00c0-\u017f]/.test(name))).toBe(true)
  })

  it('add up: an order’s total is the sum of its lines', () => {
    const cents = new Map<Value, number>()
    const items = shop.find(({ table }) => table === 'public.order_items')
    for (const [order, , , quantity, price] of items?.rows() ?? []) {
      cents.set(order as Value, (cents.get(order as Value) ?? 0) + Number(quantity) * Math.round(Number(price) * 100))
    }
    const ids = column(shop, 'public.orders', 'id')
    for (const [at, total] of column(shop, 'public.orders', 'total').entries())
      expect(cents.get(ids[at] as Value)).toBe(Math.round(Number(total) * 100))
  })

  it('never order before the customer had an account', () => {
    const created = new Map(
      column(shop, 'public.customers', 'id').map((id, at) => [id, column(shop, 'public.customers', 'created_at')[at] as Date]),
    )
    const buyers = column(shop, 'public.orders', 'customer_id')
    for (const [at, placed] of column(shop, 'public.orders', 'placed_at').entries()) {
      expect((placed as Date).getTime()).toBeGreaterThanOrEqual(created.get(buyers[at] as Value)?.getTime() ?? Number.NaN)
    }
  })

  it('end with three tickets that have a story: one pastes a card, one gives orders to agents', () => {
    const bodies = column(shop, 'public.support_tickets', 'body').map(String)
    expect(bodies.at(-3)).toContain('hold #')
    expect(bodies.at(-2)).toMatch(/the card is (\d[ ]?){15,16},/)
    expect(bodies.at(-1)).toContain('AUTOMATED ASSISTANTS')
    expect(bodies.filter((body) => body.includes('AUTOMATED ASSISTANTS'))).toHaveLength(1)
  })
})

describe('a row as COPY reads it', () => {
  it('writes NULL, booleans, arrays, objects and dates', () => {
    expect(encodeRow([null, true, 7, ['a', 'b "c"'], { n: 1 }, TODAY])).toBe(
      '\\N\tt\t7\t{"a","b \\\\"c\\\\""}\t{"n":1}\t2026-11-24T00:00:00.000Z\n',
    )
  })

  it('escapes what would end the field or the row', () => {
    expect(encodeRow(['a\tb\nc\\d\re'])).toBe('a\\tb\\nc\\\\d\\re\n')
  })
})
