import type { Node } from '@pgsql/types'
import { type Context, emit } from './context.ts'
import type { Item } from './scope.ts'
import { as, at } from './tree.ts'

/** The columns that are written: named, or the first `count` where none are. A sensitive one that is written is used. */
export function emitTargets(cx: Context, item: Item, nodes: readonly Node[] | undefined, count: number): void {
  if (nodes === undefined || nodes.length === 0) {
    for (const column of item.all().slice(0, count)) emit(cx, column.value, 'uses', 0)
    return
  }
  for (const node of nodes) {
    const target = as(node, 'ResTarget')
    const name = target?.name ?? ''
    const value = item.column(name)
    if (value !== undefined) emit(cx, value, 'uses', at(target?.location))
    else if (!item.open) cx.run.facts.unknown(`column "${name}"`, false, at(target?.location))
  }
}
