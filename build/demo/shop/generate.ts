import { generateBilling } from './generate-billing.ts'
import { generateCustomers } from './generate-customers.ts'
import { generateGoods } from './generate-goods.ts'
import { generateOrders } from './generate-orders.ts'
import { generateSupport } from './generate-support.ts'
import { makeRandom } from './random.ts'
import type { ShopOptions, TableRows } from './shop-options.ts'

/** All tables in an order in which their foreign keys hold. The same options give the same rows. */
export function generateShop(options: ShopOptions): TableRows[] {
  const random = makeRandom(options.seed)
  const goods = generateGoods(random.fork('goods'), options)
  const customers = generateCustomers(random.fork('customers'), options)
  const orders = generateOrders(random.fork('orders'), options, customers.people, goods.products)
  const billing = generateBilling(random.fork('billing'), orders.orders)
  const support = generateSupport(random.fork('support'), options, customers.people, orders.orders)
  return [...goods.tables, ...customers.tables, ...orders.tables, ...billing, ...support]
}
