import type { Value } from './copy-text.ts'
import { CATEGORIES, makeProduct, type Product } from './goods.ts'
import type { Random } from './random.ts'
import { before, type ShopOptions, type TableRows } from './shop-options.ts'

const WAREHOUSES = ['Reno', 'Memphis', 'Rotterdam']

export function generateGoods(
  random: Random,
  { today, scale }: ShopOptions,
): { readonly tables: TableRows[]; readonly products: readonly Product[] } {
  const products = Array.from({ length: Math.max(60, Math.round(1200 * scale)) }, (_, index) => makeProduct(index + 1, random))
  const stock: Value[][] = products.flatMap((_, index) =>
    WAREHOUSES.map((warehouse) => [index + 1, warehouse, random.chance(0.08) ? 0 : random.int(1, 400), before(today, 60, random.next())]),
  )
  const idOf = (slug: string | null) => (slug === null ? null : CATEGORIES.findIndex((category) => category.slug === slug) + 1)
  const tables: TableRows[] = [
    {
      table: 'public.categories',
      columns: ['id', 'parent_id', 'slug', 'name'],
      rows: () => CATEGORIES.map((category, index) => [index + 1, idOf(category.parent), category.slug, category.name]),
    },
    {
      table: 'public.products',
      columns: ['id', 'sku', 'name', 'description', 'category_id', 'price', 'attributes', 'tags', 'active'],
      rows: () =>
        products.map((p, index) => [index + 1, p.sku, p.name, p.description, p.category, p.price, p.attributes, p.tags, p.active]),
    },
    { table: 'public.stock', columns: ['product_id', 'warehouse', 'quantity', 'counted_at'], rows: () => stock },
  ]
  return { tables, products }
}
