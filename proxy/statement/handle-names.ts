import type { ExplainStmt, Node } from '@pgsql/types'
import type { Context } from './context.ts'
import { evaluate } from './expression.ts'
import type { StatementFacts } from './facts.ts'
import type { Handlers, Nested, Rest } from './handling.ts'

/** Statements around another: kept under a name, opened as a cursor, explained. */
export const NAMES: Handlers = {
  ExplainStmt: (body, cx, _span, nested) => explain(body, cx, nested),
  PrepareStmt: (body, cx, span, nested) => {
    const inner = nested(body.query as Node)
    cx.run.facts.verb('session', 'PREPARE keeps a statement', span.offset)
    adopt(cx, inner)
    cx.run.facts.name({ kind: 'prepare', name: body.name ?? '', body: inner })
    return { kind: 'PREPARE', outputs: undefined }
  },
  ExecuteStmt: (body, cx, span) => {
    cx.run.facts.verb('session', 'EXECUTE runs a kept statement', span.offset)
    for (const param of body.params ?? []) evaluate(param, cx)
    cx.run.facts.name({ kind: 'execute', name: body.name ?? '' })
    return { kind: 'EXECUTE', outputs: undefined, outputsFromName: true }
  },
  DeallocateStmt: (body, cx, span) => {
    cx.run.facts.verb('session', 'DEALLOCATE drops a kept statement', span.offset)
    cx.run.facts.name({ kind: 'deallocate', name: body.isall === true ? undefined : (body.name ?? '') })
    return { kind: 'DEALLOCATE', outputs: undefined }
  },
  DeclareCursorStmt: (body, cx, span, nested) => {
    const inner = nested(body.query as Node)
    adopt(cx, inner)
    cx.run.facts.verb('session', 'DECLARE opens a cursor', span.offset)
    cx.run.facts.name({ kind: 'declare', name: body.portalname ?? '', body: inner, hold: ((body.options ?? 0) & 0x20) !== 0 })
    return { kind: 'DECLARE', outputs: undefined }
  },
  FetchStmt: (body, cx, span) => {
    cx.run.facts.verb('session', `${body.ismove === true ? 'MOVE' : 'FETCH'} reads a cursor`, span.offset)
    cx.run.facts.name({ kind: 'fetch', name: body.portalname ?? '' })
    return { kind: body.ismove === true ? 'MOVE' : 'FETCH', outputs: undefined, outputsFromName: body.ismove !== true }
  },
  ClosePortalStmt: (body, cx, span) => {
    cx.run.facts.verb('session', 'CLOSE closes a cursor', span.offset)
    cx.run.facts.name({ kind: 'close', name: body.portalname })
    return { kind: 'CLOSE', outputs: undefined }
  },
}

/** What the inner statement does, the outer one does. */
function adopt(cx: Context, inner: StatementFacts): void {
  const { facts, catalog } = cx.run
  if (inner.verbs.includes('read')) facts.reads()
  for (const one of inner.because) facts.verb(one.verb, one.what, one.offset)
  for (const use of inner.relations) {
    const relation = catalog.relation(use.oid)
    if (relation !== undefined) facts.relation(relation, use.access, use, use.via, use.verb)
  }
  for (const use of inner.columns) {
    const relation = catalog.relation(use.oid)
    if (relation !== undefined) facts.column(relation, use.attnum, use.how, use)
  }
  for (const one of inner.functions) facts.fn(one.name, one.offset)
  for (const one of inner.unknown) facts.unknown(one.what, one.code, one.offset, one.fn)
  for (const verb of inner.verbs)
    if (verb !== 'read' && verb !== 'unknown' && !inner.because.some((one) => one.verb === verb))
      facts.verb(verb, inner.kind, inner.span.offset)
  for (const one of inner.carries ?? []) facts.carry(one)
  for (const name of inner.names) facts.name(name)
  if (inner.withoutWhere) facts.withoutWhere()
}

/** Plain EXPLAIN is judged as what it explains too: it plans, and a plan shows what a table holds. */
function explain(body: ExplainStmt, cx: Context, nested: Nested): Rest {
  const inner = nested(body.query as Node)
  adopt(cx, inner)
  return {
    kind: `EXPLAIN ${inner.kind}`,
    outputs: [{ name: 'QUERY PLAN', from: 'unknown', sources: [] }],
    explain: true,
    changesCatalog: inner.changesCatalog,
  }
}
