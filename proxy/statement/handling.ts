import type { Node } from '@pgsql/types'
import type { StatementRest } from './collect.ts'
import type { Context, QueryResult } from './context.ts'
import type { OutputColumn, Span, StatementFacts, Verb } from './facts.ts'
import type { NodeKind, Nodes } from './tree.ts'
import { toOutput } from './value.ts'

/** What a handler answers: all but the place, which the caller knows. */
export type Rest = Omit<StatementRest, 'span'>

/** Reads a statement inside another, as facts of its own. */
export type Nested = (node: Node) => StatementFacts

/** How each kind of statement is read. */
export type Handlers = { [K in NodeKind]?: (body: Nodes[K], cx: Context, span: Span, nested: Nested, node: Node) => Rest }

/** A statement that is one verb and nothing else. */
export function only(cx: Context, span: Span, kind: string, verb: Verb, what: string): Rest {
  cx.run.facts.verb(verb, what, span.offset)
  return { kind, outputs: undefined }
}

/** Columns that cannot be counted are said to be unknown, each of them. */
export function outputsOf(result: QueryResult): readonly OutputColumn[] {
  const known = result.columns.map(toOutput)
  return !result.open ? known : [...known, { name: '*', from: 'unknown', sources: [] }]
}
