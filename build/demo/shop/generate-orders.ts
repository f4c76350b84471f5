import type { Value } from './copy-text.ts'
import { type Customer, customersAt } from './generate-customers.ts'
import type { Product } from './goods.ts'
import type { Random } from './random.ts'
import { DAY_MS, type ShopOptions, type TableRows } from './shop-options.ts'

export interface Order {
  readonly id: number
  readonly customer: Customer
  readonly cents: number
  readonly status: string
  readonly placedAt: Date
}

const NOTES = [
  'Please leave it with the neighbour',
  'Gift: no price in the box',
  'Ring twice',
  'Deliver after 18:00',
  'Side entrance, blue door',
  'Call before delivery',
]

const REVIEWS = [
  'Exactly as described, and it was here in two days.',
  'Good, but the colour is darker than in the photograph.',
  'I have had mine for a year and it still looks new.',
  'Too heavy for what I wanted. Well made though.',
  'The seam came loose after a week. Support sent a new one.',
  'Bought a second one for my sister.',
  'Smaller than I thought. Measure before you order.',
  'Does what it should. No more, no less.',
  'My favourite thing in the kitchen.',
  'Would buy again, perhaps in another colour.',
]

export function generateOrders(random: Random, options: ShopOptions, people: readonly Customer[], products: readonly Product[]) {
  const { today, scale } = options
  const orders: Order[] = []
  const orderRows: Value[][] = []
  const items: Value[][] = []
  const span = 730 * DAY_MS
  const count = Math.max(500, Math.round(60_000 * scale))
  for (let id = 1; id <= count; id++) {
    // Ids rise with time, as a sequence's would.
    const at = today.getTime() - span + Math.floor(((id - 1 + random.next()) / count) * span)
    const placedAt = new Date(Math.min(at, today.getTime() - 1000))
    const customer = people[Math.floor(random.next() ** 1.25 * customersAt(placedAt, today, people.length))]!
    const cents = addItems(id, items, products, random)
    const status = statusFor((today.getTime() - placedAt.getTime()) / DAY_MS, random)
    orders.push({ id, customer, cents, status, placedAt })
    orderRows.push([
      id,
      customer.id,
      random.pick(customer.addresses),
      status,
      dollars(cents),
      random.chance(0.06) ? random.pick(NOTES) : null,
      placedAt,
      placedAt,
    ])
  }
  const tables: TableRows[] = [
    {
      table: 'public.orders',
      columns: 'id,customer_id,address_id,status,total,note,placed_at,updated_at'.split(','),
      rows: () => orderRows,
    },
    { table: 'public.order_items', columns: 'order_id,line,product_id,quantity,unit_price'.split(','), rows: () => items },
    cartsTable(random.fork('carts'), options, people, products),
    reviewsTable(random.fork('reviews'), options, people, products),
    pageViewsTable(random.fork('page views'), options, people, products),
  ]
  return { tables, orders }
}

export const dollars = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

function addItems(order: number, rows: Value[][], products: readonly Product[], random: Random): number {
  let cents = 0
  const lines = 1 + random.weighted([46, 28, 15, 7, 4])
  for (let line = 1; line <= lines; line++) {
    const product = Math.floor(random.next() ** 1.4 * products.length)
    const quantity = 1 + random.weighted([82, 12, 4, 2])
    const { price } = products[product]!
    cents += quantity * Math.round(Number(price) * 100)
    rows.push([order, line, product + 1, quantity, price])
  }
  return cents
}

function statusFor(ageInDays: number, random: Random): string {
  if (random.chance(0.03)) return 'cancelled'
  if (ageInDays < 1) return random.pick(['new', 'paid', 'paid'])
  if (ageInDays < 3) return random.pick(['paid', 'packed', 'shipped'])
  if (ageInDays < 8) return random.pick(['packed', 'shipped', 'shipped', 'delivered'])
  return random.chance(0.05) ? 'returned' : 'delivered'
}

function cartsTable(random: Random, { today, scale }: ShopOptions, people: readonly Customer[], products: readonly Product[]): TableRows {
  const rows = Array.from({ length: Math.max(50, Math.round(8000 * scale)) }, (_, index): Value[] => {
    const at = new Date(today.getTime() - 1000 - Math.floor(random.next() * 101 * DAY_MS))
    const lines = Array.from({ length: random.int(1, 4) }, () => {
      const product = random.int(1, products.length)
      return { product_id: product, sku: products[product - 1]!.sku, quantity: random.int(1, 3) }
    })
    return [index + 1, random.pick(people).id, { lines }, at, at]
  })
  return { table: 'public.carts', columns: 'id,customer_id,items,created_at,updated_at'.split(','), rows: () => rows }
}

function reviewsTable(random: Random, { today, scale }: ShopOptions, people: readonly Customer[], products: readonly Product[]): TableRows {
  const rows = Array.from({ length: Math.max(50, Math.round(6000 * scale)) }, (_, index): Value[] => [
    index + 1,
    random.int(1, products.length),
    random.pick(people).id,
    1 + random.weighted([4, 6, 14, 34, 42]),
    random.chance(0.4) ? `${random.pick(REVIEWS)} ${random.pick(REVIEWS)}` : random.pick(REVIEWS),
    new Date(today.getTime() - 1000 - Math.floor(random.next() * 700 * DAY_MS)),
  ])
  return { table: 'public.reviews', columns: 'id,product_id,customer_id,stars,body,created_at'.split(','), rows: () => rows }
}

/** How far back page views go, in days. */
export const PAGE_VIEW_DAYS = 180

function pageViewsTable(
  random: Random,
  { today, scale }: ShopOptions,
  people: readonly Customer[],
  products: readonly Product[],
): TableRows {
  const agents = ['Firefox 143', 'Safari 26', 'Chrome 142', 'Edge 142', 'Sallyport shop app 4.2']
  const rows = Array.from({ length: Math.max(100, Math.round(40_000 * scale)) }, (_, index): Value[] => [
    index + 1,
    random.chance(0.55) ? random.pick(people).id : null,
    random.chance(0.7)
      ? `/products/${products[random.int(0, products.length - 1)]!.sku.toLowerCase()}`
      : random.pick(['/', '/cart', '/sale', '/account']),
    random.pick(agents),
    new Date(today.getTime() - 1000 - Math.floor(random.next() * PAGE_VIEW_DAYS * DAY_MS)),
  ])
  return { table: 'public.page_views', columns: 'id,customer_id,path,agent,seen_at'.split(','), rows: () => rows }
}
