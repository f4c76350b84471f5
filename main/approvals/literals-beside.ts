import type { Node } from '@pgsql/types'
import { readTree } from './grammar.ts'

type Fields = Readonly<Record<string, unknown>>

/** Nodes that make one expression of their parts: a comparison, a call, a cast… AND, OR and NOT only join others. */
const EXPRESSIONS = [
  'A_Expr',
  'FuncCall',
  'CaseExpr',
  'CoalesceExpr',
  'MinMaxExpr',
  'SubLink',
  'TypeCast',
  'A_ArrayExpr',
  'RowExpr',
  'BooleanTest',
]

/**
 * Byte offsets of the literals that stand in one expression with a labelled column (`uses`: where such columns stand), or that are put into one
 * (`puts`: is a column of the written table labelled). Undefined where the text cannot be read here.
 */
export function literalsBeside(sql: string, uses: ReadonlySet<number>, puts: (column: string) => boolean): ReadonlySet<number> | undefined {
  const tree = readTree(sql)
  if (tree === undefined) return undefined
  const found = new Set<number>()
  look(tree.stmts, uses, puts, found)
  return found
}

function look(part: unknown, uses: ReadonlySet<number>, puts: (column: string) => boolean, found: Set<number>): void {
  if (Array.isArray(part)) {
    for (const item of part) look(item, uses, puts, found)
    return
  }
  if (!isFields(part)) return
  const expression = EXPRESSIONS.find((name) => name in part)
  if (expression !== undefined && columnsOf(part).some((place) => uses.has(place))) {
    addLiterals(part, found)
    return
  }
  if (isFields(part['UpdateStmt'])) putByUpdate(part['UpdateStmt'], puts, found)
  if (isFields(part['InsertStmt'])) putByInsert(part['InsertStmt'], puts, found)
  if (isFields(part['MergeWhenClause'])) putByMerge(part['MergeWhenClause'], puts, found)
  // What an argument is put into stands in another text.
  if (isFields(part['ExecuteStmt'])) addLiterals(part['ExecuteStmt'], found)
  for (const value of Object.values(part)) look(value, uses, puts, found)
}

/** Of this expression itself: a query inside it is looked at for itself. */
function columnsOf(part: unknown): number[] {
  if (Array.isArray(part)) return part.flatMap(columnsOf)
  if (!isFields(part) || 'SelectStmt' in part) return []
  const column = part['ColumnRef']
  if (isFields(column)) return [placeOf(column)]
  return Object.values(part).flatMap(columnsOf)
}

function addLiterals(part: unknown, found: Set<number>): void {
  if (Array.isArray(part)) {
    for (const item of part) addLiterals(item, found)
    return
  }
  if (!isFields(part)) return
  const literal = part['A_Const']
  if (isFields(literal) && literal['isnull'] !== true) found.add(placeOf(literal))
  for (const value of Object.values(part)) addLiterals(value, found)
}

function putByUpdate(update: Fields, puts: (column: string) => boolean, found: Set<number>): void {
  for (const target of targetsOf(update['targetList'])) if (puts(target.name)) addLiterals(target.val, found)
}

function putByInsert(insert: Fields, puts: (column: string) => boolean, found: Set<number>): void {
  const columns = targetsOf(insert['cols']).map(({ name }) => name)
  const rows = isFields(insert['selectStmt']) ? insert['selectStmt']['SelectStmt'] : undefined
  for (const items of rowsOf(rows)) putInPlace(items, columns, puts, found)
  const conflict = insert['onConflictClause']
  if (isFields(conflict)) putByUpdate(conflict, puts, found)
}

/** WHEN MATCHED sets, WHEN NOT MATCHED inserts. */
function putByMerge(clause: Fields, puts: (column: string) => boolean, found: Set<number>): void {
  putByUpdate(clause, puts, found)
  if (Array.isArray(clause['values'])) {
    const columns = targetsOf(clause['targetList']).map(({ name }) => name)
    putInPlace(clause['values'], columns, puts, found)
  }
}

/** Without a list of columns nobody can tell here which of them is labelled. */
function putInPlace(items: readonly unknown[], columns: readonly string[], puts: (column: string) => boolean, found: Set<number>): void {
  for (const [i, item] of items.entries()) if (columns.length === 0 || puts(columns[i] ?? '')) addLiterals(item, found)
}

/** The rows that a query gives, as far as they stand in it: VALUES, a select list, and both sides of UNION and its like. */
function rowsOf(select: unknown): unknown[][] {
  if (!isFields(select)) return []
  const lists = Array.isArray(select['valuesLists']) ? select['valuesLists'] : []
  const values = lists.map((list) =>
    isFields(list) && isFields(list['List']) && Array.isArray(list['List']['items']) ? list['List']['items'] : [],
  )
  const targets = targetsOf(select['targetList']).map(({ val }) => val)
  return [...values, ...(targets.length > 0 ? [targets] : []), ...rowsOf(select['larg']), ...rowsOf(select['rarg'])]
}

function targetsOf(list: unknown): { readonly name: string; readonly val: Node | undefined }[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((node: Node) => ('ResTarget' in node ? [{ name: node.ResTarget.name ?? '', val: node.ResTarget.val }] : []))
}

/** The parser leaves out a 0. */
function placeOf(node: Fields): number {
  return typeof node['location'] === 'number' ? node['location'] : 0
}

function isFields(part: unknown): part is Fields {
  return part !== null && typeof part === 'object' && !Array.isArray(part)
}
