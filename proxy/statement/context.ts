import type { FuncCall, Node } from '@pgsql/types'
import type { Catalog, FunctionInfo, Relation } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import type { Collector } from './collect.ts'
import type { Equality } from './facts.ts'
import type { RoutineOf } from './routines/routine-shape.ts'
import type { Level } from './scope.ts'
import type { NamedValue, Value } from './value.ts'

/** One statement's analysis. */
export interface Analysing {
  readonly catalog: Catalog
  readonly facts: Collector
  /** In a view's definition names are exact: what has no schema is pg_catalog's. */
  readonly pinned: boolean
  readonly shapeOf: (view: Relation) => ViewShape
  readonly bodyOf: RoutineOf
  /** `blurred`: an operator or cast ran code that may put anything into what it computes. */
  readonly marks: { blurred: boolean }
  /** Counts nodes, so that a small text cannot cost much time. */
  readonly budget: { steps: number }
  /** Which functions each call may mean. */
  readonly calls: Map<FuncCall, readonly FunctionInfo[]>
  /** A subquery inside an expression. */
  readonly query: (node: Node, cx: Context, purpose: 'rows' | 'exists') => QueryResult
}

/** What a view, looked through, adds to the statement that names it. */
export interface ViewShape {
  readonly columns: readonly NamedValue[]
  readonly facts: Collector
  /** False: its definition could not be read or changes over itself; nothing can be told. */
  readonly known: boolean
}

/** A common table expression in reach. */
export interface Cte {
  readonly name: string
  readonly columns: () => { readonly columns: readonly NamedValue[]; readonly open: boolean }
  readonly next: Cte | undefined
}

/** Where an expression stands. */
export interface Context {
  readonly run: Analysing
  readonly level: Level | undefined
  readonly ctes: Cte | undefined
  /** A view's own target list: what a column uses counts only when somebody asks for the column. */
  readonly quiet: boolean
}

/** The result of a query: its columns, or columns that cannot be counted. */
export interface QueryResult {
  readonly columns: readonly NamedValue[]
  /** More or fewer columns may come than are listed. */
  readonly open: boolean
}

const MAX_STEPS = 400_000

/** Throws `GatewayError` (`limit`) when a statement unfolds into too much. */
export function spend(cx: Context, steps = 1): void {
  cx.run.budget.steps += steps
  if (cx.run.budget.steps > MAX_STEPS) {
    throw new GatewayError({
      code: 'limit',
      sqlstate: '54001',
      message: 'the statement is too complex to be judged',
      hint: 'Split it into simpler statements.',
    })
  }
}

/** Reports that these columns are used or shown at an offset; `equals`: they are only compared there. */
export function emit(cx: Context, value: Value, how: 'shows' | 'uses', offset: number, equals?: Equality): void {
  if (cx.quiet) return
  for (const source of value.sources) {
    const relation = cx.run.catalog.relation(source.oid)
    if (relation !== undefined)
      cx.run.facts.column(relation, source.attnum, how === 'shows' && source.plain ? 'shows' : 'uses', { offset, length: 0 }, equals)
  }
}
