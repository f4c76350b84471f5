import type { Node, ParseResult } from '@pgsql/types'
import type { Catalog } from '../catalog/catalog.ts'
import { createCollector } from './collect.ts'
import type { Analysing, Context } from './context.ts'
import { parametersOf } from './equality.ts'
import type { Span, StatementFacts } from './facts.ts'
import { query } from './query.ts'
import { readOne } from './read-one.ts'
import { bodiesOf } from './routines/bodies.ts'
import { at } from './tree.ts'
import { viewsOf } from './views.ts'

/** The facts of every statement of a parsed text. `bytes`: the text's length. Throws `GatewayError` (`limit`) when it unfolds into too much. */
export function factsOf(tree: ParseResult, bytes: number, catalog: Catalog): readonly StatementFacts[] {
  const budget = { steps: 0 }
  return Object.freeze(
    (tree.stmts ?? []).map((raw) => {
      const offset = at(raw.stmt_location)
      const length = raw.stmt_len === undefined || raw.stmt_len === 0 ? bytes - offset : raw.stmt_len
      return readStatement(raw.stmt as Node, { offset, length }, { catalog, budget })
    }),
  )
}

interface Run {
  readonly catalog: Catalog
  readonly budget: { steps: number }
}

/** One statement, or the statement inside EXPLAIN, PREPARE and DECLARE. */
export function readStatement(node: Node, span: Span, run: Run): StatementFacts {
  const facts = createCollector()
  const shapeOf = viewsOf(run.catalog)
  const analysing: Analysing = {
    catalog: run.catalog,
    facts,
    pinned: false,
    shapeOf,
    bodyOf: bodiesOf(run.catalog, shapeOf),
    marks: { blurred: false },
    budget: run.budget,
    calls: new Map(),
    query,
  }
  const cx: Context = { run: analysing, level: undefined, ctes: undefined, quiet: false }
  const rest = readOne(node, cx, span, (inner) => readStatement(inner, span, run))
  const parameters = facts.columns.some((use) => use.equals !== undefined) ? parametersOf(node, facts.columns) : undefined
  if (!analysing.marks.blurred || rest.outputs === undefined) return facts.finish({ span, parameters, ...rest })
  const outputs = rest.outputs.map((one) => (one.from === 'derived' ? { ...one, from: 'unknown' as const } : one))
  return facts.finish({ span, parameters, ...rest, outputs })
}
