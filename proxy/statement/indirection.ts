import type { Node } from '@pgsql/types'
import { reportCall } from './calls.ts'
import { fieldOf } from './column-ref.ts'
import { type Context, emit } from './context.ts'
import { findColumn, findItem } from './scope.ts'
import { as, nameOf, namesOf } from './tree.ts'
import { derive, unknownValue, type Value } from './value.ts'

/** `(c).ssn`, `contact.tax_id`, `tags[1]`, `(c).*`. */
export function project(value: Value, arg: Node, steps: readonly Node[], cx: Context, offset: number): Value {
  let current = value
  let rest = steps
  const item = rowItem(arg, cx)
  const first = as(steps[0], 'String')
  if (item !== undefined && first !== undefined) {
    current = fieldOf(item, nameOf(steps[0]), cx, offset)
    rest = steps.slice(1)
  }
  if (rest.length === 0) return current
  emit(cx, current, 'uses', offset)
  for (const step of rest) current = stepInto(current, step, cx, offset)
  return current
}

/** The FROM item whose whole row this names. */
function rowItem(arg: Node, cx: Context) {
  const fields = as(arg, 'ColumnRef')?.fields
  if (fields === undefined) return undefined
  const names = namesOf(fields)
  if (as(fields.at(-1), 'A_Star') !== undefined) return findItem(names.at(-3), names.at(-2) ?? '', cx.level)
  if (names.length === 1 && findColumn(names[0] ?? '', cx.level) !== undefined) return undefined
  return names.length > 2 ? undefined : findItem(names.at(-2), names.at(-1) ?? '', cx.level)
}

function stepInto(value: Value, step: Node, cx: Context, offset: number): Value {
  const { catalog, facts } = cx.run
  const type = catalog.type(value.type)
  if (as(step, 'A_Indices') !== undefined) {
    const slice = as(step, 'A_Indices')?.is_slice === true
    return derive([value], slice ? value.type : (type?.element ?? (type?.name === 'jsonb' ? value.type : 0)))
  }
  if (as(step, 'A_Star') !== undefined) return derive([value], value.type)
  const name = nameOf(step)
  const relation = type?.kind === 'composite' ? catalog.relation(type.relation) : undefined
  const column = relation?.column(name)
  if (column !== undefined && relation !== undefined) {
    // A composite type that belongs to a table: its columns are that table's, by name.
    const own = relation.kind === 'c' ? [] : [{ oid: relation.oid, attnum: column.attnum, plain: false }]
    const field: Value = { sources: own, plain: false, known: true, type: column.type }
    emit(cx, field, 'uses', offset)
    return derive([value, field], column.type)
  }
  // A field that the type does not have is a function called with the value; so may one be whose type is not known.
  const team = catalog.functionsNamed(name).some((fn) => !fn.system)
  if (relation !== undefined || team) reportCall(cx, { schema: undefined, name, args: [value], offset, named: false, kind: 'f' })
  else if (type === undefined || type.kind === 'pseudo') return unknownValue([value])
  else facts.unknown(`field "${name}"`, true, offset)
  return unknownValue([value])
}
