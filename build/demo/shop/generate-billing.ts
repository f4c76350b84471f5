import type { Value } from './copy-text.ts'
import { dollars, type Order } from './generate-orders.ts'
import { makeCard } from './numbers.ts'
import type { Random } from './random.ts'
import { DAY_MS, type TableRows } from './shop-options.ts'

const REASONS = ['returned', 'arrived damaged', 'lost in transit', 'charged twice', 'goodwill']

/** A payment for nearly every order, an invoice for half of them, refunds for what came back. */
export function generateBilling(random: Random, orders: readonly Order[]): TableRows[] {
  const payments: Value[][] = []
  const invoices: Value[][] = []
  const refunds: Value[][] = []
  const cards = new Map<number, ReturnType<typeof makeCard>>()
  for (const order of orders) {
    if (order.status === 'new') continue
    const known = cards.get(order.customer.id)
    const card = known !== undefined && random.chance(0.85) ? known : makeCard(random)
    cards.set(order.customer.id, card)
    const id = payments.length + 1
    const status = paymentStatus(order.status, random)
    const paidAt = new Date(order.placedAt.getTime() + random.int(4, 900) * 100)
    payments.push([
      id,
      order.id,
      order.customer.id,
      card.brand,
      card.number,
      dollars(order.cents),
      status,
      `py_${id.toString(36)}${random.digits(10)}`,
      paidAt,
    ])
    if (status === 'refunded') {
      const at = new Date(order.placedAt.getTime() + Math.floor(random.next() * 0.9 * DAY_MS))
      refunds.push([refunds.length + 1, id, dollars(order.cents), random.pick(REASONS), at])
    }
    if (random.chance(0.5)) invoices.push(invoiceRow(invoices.length + 1, order))
  }
  return [
    {
      table: 'billing.payments',
      columns: 'id,order_id,customer_id,brand,card,amount,status,gateway_ref,paid_at'.split(','),
      rows: () => payments,
    },
    { table: 'billing.invoices', columns: 'id,order_id,number,total,tax,issued_on,due_on'.split(','), rows: () => invoices },
    { table: 'billing.refunds', columns: 'id,payment_id,amount,reason,made_at'.split(','), rows: () => refunds },
  ]
}

function paymentStatus(order: string, random: Random): string {
  if (order === 'returned') return 'refunded'
  if (order === 'cancelled') return random.pick(['failed', 'refunded'])
  return order === 'paid' ? 'authorised' : 'captured'
}

function invoiceRow(id: number, order: Order): Value[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const issued = order.placedAt.getTime()
  const tax = Math.round(order.cents * 0.08)
  return [
    id,
    order.id,
    `INV-${order.placedAt.getUTCFullYear()}-${String(id).padStart(6, '0')}`,
    dollars(order.cents),
    dollars(tax),
    day(issued),
    day(issued + 30 * DAY_MS),
  ]
}
