import type { CommonTableExpr, Node, WithClause } from '@pgsql/types'
import type { Context, Cte, QueryResult } from './context.ts'
import { as, nameOf, namesOf } from './tree.ts'
import { computed, derive, either, type NamedValue, unknownValue } from './value.ts'

type Query = (node: Node, cx: Context, purpose: 'rows' | 'exists') => QueryResult

/** WITH: each expression sees those before it; with RECURSIVE all of them, itself included. Each is evaluated once, used or not. */
export function bindCtes(node: WithClause, outer: Context, query: Query): Context {
  const loud = outer.quiet ? { ...outer, quiet: false } : outer
  const all = (node.ctes ?? []).map((one) => as(one, 'CommonTableExpr')).filter((one) => one !== undefined)
  const ctes = node.recursive === true ? bindRecursive(all, loud, query) : bindInOrder(all, loud, query)
  return { ...outer, ctes }
}

function bindInOrder(all: readonly CommonTableExpr[], outer: Context, query: Query): Cte | undefined {
  let ctes = outer.ctes
  for (const one of all) {
    const result = named(one, query(one.ctequery as Node, { ...outer, ctes }, 'rows'))
    ctes = { name: one.ctename ?? '', columns: () => result, next: ctes }
  }
  return ctes
}

/** An expression that reads itself is evaluated again until its columns gain no more sources. */
function bindRecursive(all: readonly CommonTableExpr[], outer: Context, query: Query): Cte | undefined {
  const results = new Map<CommonTableExpr, QueryResult>()
  const running = new Set<CommonTableExpr>()
  let ctes: Cte | undefined = outer.ctes
  for (const one of all) ctes = { name: one.ctename ?? '', columns: () => force(one), next: ctes }
  const cx: Context = { ...outer, ctes }

  function force(one: CommonTableExpr): QueryResult {
    const done = results.get(one)
    if (running.has(one))
      return done ?? { columns: namesOf(one.aliascolnames).map((name) => ({ name, value: unknownValue() })), open: true }
    if (done !== undefined) return done
    running.add(one)
    const body = as(one.ctequery, 'SelectStmt')
    const start = body?.op === 'SETOP_UNION' && body.larg !== undefined && body.withClause === undefined
    if (start && body.larg !== undefined) results.set(one, named(one, query({ SelectStmt: body.larg }, cx, 'rows')))
    let known = -1
    for (let round = 0; round < 16; round += 1) {
      const result = named(one, query(one.ctequery as Node, cx, 'rows'))
      results.set(one, result)
      const sources = result.columns.reduce(
        (sum, column) => sum + column.value.sources.length + (column.value.plain ? 0 : 1) + (column.value.respelled ?? 0),
        0,
      )
      if (sources === known) break
      known = sources
    }
    running.delete(one)
    return results.get(one) ?? { columns: [], open: true }
  }

  for (const one of all) force(one)
  return ctes
}

/** The columns' names as given, and those that SEARCH and CYCLE add. */
function named(one: CommonTableExpr, result: QueryResult): QueryResult {
  const names = (one.aliascolnames ?? []).map(nameOf)
  const columns = result.columns.map((column, place): NamedValue => ({ ...column, name: names[place] ?? column.name }))
  const byName = (wanted: readonly string[]) =>
    derive(
      columns.filter((column) => wanted.includes(column.name)).map((column) => column.value),
      0,
    )
  const { search_clause: search, cycle_clause: cycle } = one
  if (search?.search_seq_column !== undefined)
    columns.push({ name: search.search_seq_column, value: byName(namesOf(search.search_col_list)) })
  if (cycle !== undefined) {
    if (cycle.cycle_mark_column !== undefined)
      columns.push({ name: cycle.cycle_mark_column, value: derive([byName(namesOf(cycle.cycle_col_list)), either([computed(0)])], 0) })
    if (cycle.cycle_path_column !== undefined) columns.push({ name: cycle.cycle_path_column, value: byName(namesOf(cycle.cycle_col_list)) })
  }
  return { columns, open: result.open }
}
