import type { IntoClause, Node, SelectStmt } from '@pgsql/types'
import { carryToMade } from './carry.ts'
import { type Context, emit, type QueryResult } from './context.ts'
import type { Span } from './facts.ts'
import { type Handlers, outputsOf, type Rest } from './handling.ts'
import { query } from './query.ts'
import { nameRelation } from './relations.ts'
import { as, at, namesOf } from './tree.ts'

/** Statements that read, change or keep rows. */
export const ROWS: Handlers = {
  SelectStmt: (body, cx, _span, _nested, node) => {
    const clause = intoOf(body)
    const into = clause !== undefined
    cx.run.facts.reads()
    const result = query(node, cx, 'rows')
    if (into) for (const column of result.columns) emit(cx, column.value, 'uses', 0)
    if (into) keep(cx, clause, result)
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
    if (body.query !== undefined) {
      const result = hide(cx, body.query, span)
      // What a materialized view holds is told by its definition.
      if (body.objtype !== 'OBJECT_MATVIEW') keep(cx, body.into ?? {}, result)
    }
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
function hide(cx: Context, node: Node, span: Span): QueryResult {
  const execute = as(node, 'ExecuteStmt')
  if (execute !== undefined) {
    cx.run.facts.unknown('EXECUTE inside another statement', true, span.offset)
    cx.run.facts.name({ kind: 'execute', name: execute.name ?? '' })
    return { columns: [], open: true }
  }
  const result = query(node, cx, 'rows')
  for (const column of result.columns) emit(cx, column.value, 'uses', span.offset)
  return result
}

/** INTO stands in the first SELECT of a set operation. */
function intoOf(select: SelectStmt): IntoClause | undefined {
  for (let one: SelectStmt | undefined = select; one !== undefined; one = one.larg) if (one.intoClause !== undefined) return one.intoClause
  return undefined
}

/** The rows become a table. */
function keep(cx: Context, into: IntoClause, { columns, open }: QueryResult): void {
  const { schemaname: schema, relname: name = '' } = into.rel ?? {}
  const names = namesOf(into.colNames)
  carryToMade(cx, { schema, name }, names, columns, open, at(into.rel?.location))
}
