/**
 * Rows and lists of nothing but constants say the same however many they are: one of them stands for the rest, so that a megabyte of
 * INSERT does not have to travel between threads. Only where no fact depends on a constant: VALUES rows and lists after IN or ARRAY.
 */
export function foldConstants(node: unknown): void {
  const stack: unknown[] = [node]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part !== 'object' || part === null) continue
    if (Array.isArray(part)) {
      for (const one of part) stack.push(one)
      continue
    }
    const record = part as Record<string, unknown>
    if (Array.isArray(record['valuesLists'])) record['valuesLists'] = foldRows(record['valuesLists'])
    const expression = record['A_Expr'] as { kind?: string; rexpr?: { List?: { items?: unknown[] } } } | undefined
    const list = expression?.kind === 'AEXPR_IN' ? expression.rexpr?.List : undefined
    if (list?.items !== undefined) list.items = foldItems(list.items)
    const array = record['A_ArrayExpr'] as { elements?: unknown[] } | undefined
    if (array?.elements !== undefined) array.elements = foldItems(array.elements)
    for (const one of Object.values(record)) stack.push(one)
  }
}

type Row = { List?: { items?: unknown[] } }

function foldRows(rows: unknown[]): unknown[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const items = (row as Row).List?.items
    if (items === undefined || !items.every(isConstant)) return true
    const shape = items.map(shapeOf).join()
    return !seen.has(shape) && seen.add(shape).size > 0
  })
}

function foldItems(items: unknown[]): unknown[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    if (!isConstant(item)) return true
    const shape = shapeOf(item)
    return !seen.has(shape) && seen.add(shape).size > 0
  })
}

const isConstant = (node: unknown): boolean => typeof node === 'object' && node !== null && 'A_Const' in node

/** Which kind of constant: its type is all that the analysis reads. */
function shapeOf(node: unknown): string {
  const constant = (node as { A_Const: Record<string, unknown> }).A_Const
  return Object.keys(constant).find((key) => key !== 'location') ?? ''
}

/** Levels of nesting, counted without recursion. */
export function depthOf(node: unknown, limit: number): number {
  let level: unknown[] = [node]
  let depth = 0
  while (level.length > 0 && depth <= limit) {
    const next: unknown[] = []
    for (const part of level) {
      if (typeof part !== 'object' || part === null) continue
      for (const one of Object.values(part)) if (typeof one === 'object' && one !== null) next.push(one)
    }
    level = next
    depth += 1
  }
  return depth
}
