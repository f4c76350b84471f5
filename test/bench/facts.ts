/** What reading a statement costs the session's own thread. */
import { createAnalyst } from '../../proxy/statement/analyst.ts'
import { shopCatalog } from '../cases/shop.ts'

export interface FactsCost {
  readonly what: string
  readonly bytes: number
  /** Microseconds a statement. */
  readonly micros: number
}

const SHORT = (n: number): string => `SELECT id, total FROM orders WHERE id = ${n}`

/** Some 700 bytes; `n` is a constant, `name` part of what makes the statement another one. */
const LONG = (n: number, name: string): string =>
  `SELECT o.id, o.status, o.total, c.name, c.city, count(*) FILTER (WHERE o.total > ${n}) OVER (PARTITION BY c.city) AS ${name},
  row_number() OVER (PARTITION BY o.customer_id ORDER BY o.placed_at DESC) AS latest, coalesce(o.status, 'none') AS shown,
  (SELECT max(other.total) FROM orders AS other WHERE other.customer_id = o.customer_id AND other.id <> o.id) AS largest
FROM orders AS o JOIN customers AS c ON c.id = o.customer_id LEFT JOIN employees AS e ON e.id = c.id AND e.department = 'sales'
WHERE o.placed_at >= now() - interval '30 days' AND o.status IN ('open', 'paid', 'sent') AND o.total BETWEEN 10 AND ${n}
  AND EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = c.id AND earlier.id < o.id) AND c.name ILIKE 'm%'
ORDER BY o.placed_at DESC, o.id LIMIT 50`

/** The best of `rounds` of some hundred statements each: on a shared machine the others measure the neighbours. */
export async function measureFacts(rounds: number): Promise<FactsCost[]> {
  const analyst = await createAnalyst()
  const catalog = shopCatalog()
  let number = 100_000
  const cases: [string, number, () => string][] = [
    ['short, seen before', 500, () => SHORT(1)],
    ['short, other constants', 500, () => SHORT(number++)],
    ['long, seen before', 500, () => LONG(10, 'n')],
    ['long, other constants', 500, () => LONG(number++, 'n')],
    ['short, new', 100, () => `${SHORT(1)} OR total = o_${number++}.id`.replace(/FROM orders/, `FROM orders o_${number - 1}`)],
    ['long, new', 100, () => LONG(10, `n${number++}`)],
  ]
  const costs: FactsCost[] = []
  for (const [what, count, next] of cases) {
    const micros: number[] = []
    for (let round = 0; round < rounds + 3; round++) {
      const texts = Array.from({ length: count }, () => Buffer.from(next()))
      const before = performance.now()
      for (const text of texts) {
        const recognised = analyst.recognise(text, catalog)
        if (recognised instanceof Promise || 'fields' in recognised.analysis) throw new Error(`not read: ${text.toString()}`)
      }
      // The first rounds compile.
      if (round >= 3) micros.push(((performance.now() - before) * 1000) / count)
    }
    costs.push({ what, bytes: next().length, micros: Math.min(...micros) })
  }
  await analyst.close()
  return costs
}
