import type { Context } from './context.ts'
import type { CarryTarget } from './facts.ts'
import type { Item } from './scope.ts'
import { type NamedValue, unknownValue, type Value } from './value.ts'

/** A value goes somewhere. Nothing is noted where it is made of constants alone. */
export function carry(cx: Context, to: CarryTarget, value: Value, offset: number): void {
  if (cx.quiet || (value.known && value.sources.length === 0)) return
  const sources = value.sources.map(({ oid, attnum, plain }) => ({ oid, attnum, plain: plain && value.plain }))
  cx.run.facts.carry({ to, sources, known: value.known, offset, length: 0 })
}

/** Into a column of a table that is there, under each of the tables that its name may mean. */
export function carryInto(cx: Context, item: Item, name: string, value: Value, offset: number): void {
  if (value.known && value.sources.length === 0) return
  for (const target of targetsOf(cx, item, name)) carry(cx, target, value, offset)
}

/** The rows of a query, into columns by their place; `names`: the first of the table's where none are given. */
export function carryRows(
  cx: Context,
  item: Item,
  names: readonly string[],
  rows: readonly NamedValue[],
  open: boolean,
  offset: number,
): void {
  const targets = names.length > 0 ? names : item.all().map((column) => column.name)
  if (!open) {
    for (const [place, column] of rows.entries()) carryInto(cx, item, targets[place] ?? '', column.value, offset)
    return
  }
  const any = unknownValue(rows.map((column) => column.value))
  for (const name of targets) carryInto(cx, item, name, any, offset)
}

/** Into a table that the statement makes. */
export function carryToMade(
  cx: Context,
  made: { readonly schema: string | undefined; readonly name: string },
  names: readonly string[],
  rows: readonly NamedValue[],
  open: boolean,
  offset: number,
): void {
  const { schema, name } = made
  if (open) carry(cx, { kind: 'made', schema, name, column: '*' }, unknownValue(rows.map((column) => column.value)), offset)
  else {
    for (const [place, column] of rows.entries())
      carry(cx, { kind: 'made', schema, name, column: names[place] ?? column.name }, column.value, offset)
  }
}

function targetsOf(cx: Context, item: Item, name: string): CarryTarget[] {
  const found: CarryTarget[] = []
  for (const { oid, attnum, plain } of item.column(name)?.sources ?? []) {
    const relation = plain && attnum > 0 ? cx.run.catalog.relation(oid) : undefined
    const column = relation?.columns.find((one) => one.attnum === attnum)
    if (relation !== undefined && column !== undefined)
      found.push({ kind: 'column', relation: relation.label, oid, attnum, column: column.name })
  }
  return found.length > 0 ? found : [{ kind: 'place', what: name === '' ? 'a column that is not known' : `column "${name}"` }]
}
