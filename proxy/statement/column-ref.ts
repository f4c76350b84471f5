import type { ColumnRef } from '@pgsql/types'
import { reportCall } from './calls.ts'
import type { Context } from './context.ts'
import { findColumn, findItem, type Item } from './scope.ts'
import { as, at, namesOf } from './tree.ts'
import { derive, unknownValue, type Value } from './value.ts'

/** `ssn`, `c.ssn`, `public.customers.ssn`, `c` (the whole row), `c.*`, `c.last_seen` (a function called in the manner of a column). */
export function columnValue(node: ColumnRef, cx: Context): Value {
  const fields = node.fields ?? []
  const starred = as(fields.at(-1), 'A_Star') !== undefined
  const names = namesOf(starred ? fields.slice(0, -1) : fields)
  const offset = at(node.location)
  if (starred) return wholeOf(names, cx, offset)
  if (names.length === 1) return findColumn(names[0] ?? '', cx.level) ?? wholeOf(names, cx, offset)
  const name = names.at(-1) ?? ''
  const item = findItem(names.at(-3), names.at(-2) ?? '', cx.level)
  if (item === undefined) return notFound(names, cx, offset)
  return fieldOf(item, name, cx, offset)
}

/** A column of the item, or a function of one argument, its row. */
export function fieldOf(item: Item, name: string, cx: Context, offset: number): Value {
  const column = item.column(name)
  if (column !== undefined) return column
  const whole = item.whole()
  if (item.open) return { ...whole, plain: false, known: false, type: 0 }
  if (cx.run.catalog.functionsNamed(name).length === 0) return notFound([item.name, name], cx, offset)
  reportCall(cx, { schema: undefined, name, args: [whole], offset, named: false, kind: 'f' })
  return unknownValue([whole])
}

function wholeOf(names: readonly string[], cx: Context, offset: number): Value {
  if (names.length === 0) {
    const all: Value[] = []
    for (const item of cx.level?.items ?? []) all.push(item.whole())
    return derive(all, 0)
  }
  const item = findItem(names.at(-2), names.at(-1) ?? '', cx.level)
  return item === undefined ? notFound(names, cx, offset) : item.whole()
}

function notFound(names: readonly string[], cx: Context, offset: number): Value {
  cx.run.facts.unknown(`column "${names.join('.')}"`, false, offset)
  return unknownValue()
}
