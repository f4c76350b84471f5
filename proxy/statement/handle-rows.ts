import type { Node } from '@pgsql/types'
import { type Context, emit } from './context.ts'
import type { Span } from './facts.ts'
import { type Handlers, outputsOf, type Rest } from './handling.ts'
import { query } from './query.ts'
import { nameRelation } from './relations.ts'
import { as, at } from './tree.ts'

/** Statements that read, change or keep rows. */
export const ROWS: Handlers = {
  SelectStmt: (body, cx, _span, _nested, node) => {
    const into = body.intoClause !== undefined
    cx.run.facts.reads()
    const result = query(node, cx, 'rows')
    if (into) for (const column of result.columns) emit(cx, column.value, 'uses', 0)
    return {
      kind: into ? 'SELECT INTO' : body.valuesLists === undefined ? 'SELECT' : 'VALUES',
      outputs: into ? undefined : outputsOf(result),
      changesCatalog: into,
    }
  },
  InsertStmt: (body, cx, _span, _nested, node) => changed('INSERT', body.returningClause !== undefined, node, cx),
  UpdateStmt: (body, cx, _span, _nested, node) => changed('UPDATE', body.returningClause !== undefined, node, cx),
  DeleteStmt: (body, cx, _span, _nested, node) => changed('DELETE', body.returningClause !== undefined, node, cx),
  MergeStmt: (body, cx, _span, _nested, node) => changed('MERGE', body.returningClause !== undefined, node, cx),
  CreateTableAsStmt: (body, cx, span) => {
    const kind =
      body.objtype === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : body.is_select_into === true ? 'SELECT INTO' : 'CREATE TABLE AS'
    cx.run.facts.verb('ddl', `${kind} is a schema change`, span.offset)
    if (body.query !== undefined) hide(cx, body.query, span)
    return { kind, outputs: undefined, changesCatalog: true }
  },
  ViewStmt: (body, cx, span) => {
    cx.run.facts.verb('ddl', 'CREATE VIEW is a schema change', span.offset)
    if (body.query !== undefined) hide(cx, body.query, span)
    return { kind: 'CREATE VIEW', outputs: undefined, changesCatalog: true }
  },
  TruncateStmt: (body, cx) => {
    cx.run.facts.verb('write', 'TRUNCATE removes all rows', at(as(body.relations?.[0], 'RangeVar')?.location))
    for (const relation of body.relations ?? []) nameRelation(cx, as(relation, 'RangeVar') ?? {}, 'write', ['truncate'])
    cx.run.facts.withoutWhere()
    return { kind: 'TRUNCATE', outputs: undefined }
  },
  LockStmt: (body, cx) => {
    // ACCESS SHARE, what every SELECT takes; pg_dump asks for it.
    const reads = body.mode === 1
    const offset = at(as(body.relations?.[0], 'RangeVar')?.location)
    if (!reads) cx.run.facts.verb('write', 'LOCK keeps others from the table', offset)
    for (const relation of body.relations ?? []) nameRelation(cx, as(relation, 'RangeVar') ?? {}, reads ? 'read' : 'write', [])
    return { kind: 'LOCK', outputs: undefined }
  },
}

function changed(kind: string, returns: boolean, node: Node, cx: Context): Rest {
  const result = query(node, cx, 'rows')
  return { kind, outputs: returns ? outputsOf(result) : undefined }
}

/** A query whose rows go where nothing is masked: all that it shows is used. */
function hide(cx: Context, node: Node, span: Span): void {
  const execute = as(node, 'ExecuteStmt')
  if (execute !== undefined) {
    cx.run.facts.unknown('EXECUTE inside another statement', true, span.offset)
    return
  }
  for (const column of query(node, cx, 'rows').columns) emit(cx, column.value, 'uses', span.offset)
}
