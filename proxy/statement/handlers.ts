import type { CopyStmt, DefElem, ExplainStmt, Node, TransactionStmt, VariableSetStmt } from '@pgsql/types'
import { reportFunction } from './calls.ts'
import type { StatementRest } from './collect.ts'
import { reportNamed } from './command-relations.ts'
import type { Context, QueryResult } from './context.ts'
import { emit } from './context.ts'
import { copyFormat } from './copy-format.ts'
import { evaluate } from './expression.ts'
import type { Span, StatementFacts, TransactionUse } from './facts.ts'
import { matchesPath } from './paths.ts'
import { query } from './query.ts'
import { nameRelation } from './relations.ts'
import { judgeReset, judgeSetting } from './settings.ts'
import { as, at, constantOf, type NodeKind, type Nodes, nameOf, namesOf } from './tree.ts'
import { type NamedValue, toOutput } from './value.ts'

type Rest = Omit<StatementRest, 'span'>
type Nested = (node: Node) => StatementFacts
type Handlers = { [K in NodeKind]?: (body: Nodes[K], cx: Context, span: Span, nested: Nested, node: Node) => Rest }

/** Statements that are read by themselves; all others are in `commands.ts`. */
export const HANDLERS: Handlers = {
  SelectStmt: (body, cx, _span, _nested, node) => {
    const into = body.intoClause !== undefined
    cx.run.facts.reads()
    const result = query(node, cx, 'rows')
    if (into) for (const column of result.columns) emit(cx, column.value, 'uses', 0)
    return {
      kind: into ? 'SELECT INTO' : body.valuesLists === undefined ? 'SELECT' : 'VALUES',
      outputs: into ? undefined : outputs(result, cx),
      changesCatalog: into,
    }
  },
  InsertStmt: (body, cx, _span, _nested, node) => changed('INSERT', body.returningClause !== undefined, node, cx),
  UpdateStmt: (body, cx, _span, _nested, node) => changed('UPDATE', body.returningClause !== undefined, node, cx),
  DeleteStmt: (body, cx, _span, _nested, node) => changed('DELETE', body.returningClause !== undefined, node, cx),
  MergeStmt: (body, cx, _span, _nested, node) => changed('MERGE', body.returningClause !== undefined, node, cx),
  ExplainStmt: (body, cx, span, nested) => explain(body, cx, span, nested),
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
  CopyStmt: (body, cx, span) => copy(body, cx, span),
  TruncateStmt: (body, cx) => {
    cx.run.facts.verb('write', 'TRUNCATE removes all rows', at(as(body.relations?.[0], 'RangeVar')?.location))
    for (const relation of body.relations ?? []) nameRelation(cx, as(relation, 'RangeVar') ?? {}, 'write')
    cx.run.facts.withoutWhere()
    return { kind: 'TRUNCATE', outputs: undefined }
  },
  LockStmt: (body, cx) => {
    // ACCESS SHARE, what every SELECT takes; pg_dump asks for it.
    const reads = body.mode === 1
    const offset = at(as(body.relations?.[0], 'RangeVar')?.location)
    if (!reads) cx.run.facts.verb('write', 'LOCK keeps others from the table', offset)
    for (const relation of body.relations ?? []) nameRelation(cx, as(relation, 'RangeVar') ?? {}, reads ? 'read' : 'write')
    return { kind: 'LOCK', outputs: undefined }
  },
  TransactionStmt: (body, cx, span) => transaction(body, cx, span),
  ConstraintsSetStmt: (_body, cx, span) => {
    cx.run.facts.verb('transaction', 'SET CONSTRAINTS changes when this transaction checks', span.offset)
    return { kind: 'SET CONSTRAINTS', outputs: undefined }
  },
  VariableSetStmt: (body, cx, span) => setVariable(body, cx, span),
  VariableShowStmt: (body, cx, span) => {
    const name = body.name ?? ''
    if (name.includes('.')) cx.run.facts.verb('admin', `SHOW reads ${name}, a setting that the team may keep values in`, span.offset)
    else cx.run.facts.verb('session', `SHOW reads ${name}`, span.offset)
    const all = name === 'all'
    const columns = all ? ['name', 'setting', 'description'] : [name]
    return { kind: 'SHOW', outputs: columns.map((one) => ({ name: one, from: 'derived', sources: [] })) }
  },
  DiscardStmt: (body, cx, span) => {
    cx.run.facts.verb('session', 'DISCARD clears what the session keeps', span.offset)
    if (body.target === 'DISCARD_ALL') cx.run.facts.name({ kind: 'discard' })
    return { kind: 'DISCARD', outputs: undefined, changesCatalog: body.target === 'DISCARD_ALL' || body.target === 'DISCARD_TEMP' }
  },
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
  NotifyStmt: (_body, cx, span) => only(cx, span, 'NOTIFY', 'write', 'NOTIFY sends a notification to other sessions'),
  ListenStmt: (_body, cx, span) => only(cx, span, 'LISTEN', 'admin', 'LISTEN receives what other sessions send'),
  UnlistenStmt: (_body, cx, span) => only(cx, span, 'UNLISTEN', 'session', 'UNLISTEN stops receiving'),
  DoStmt: (_body, cx, span) => {
    cx.run.facts.unknown('DO block', false, span.offset)
    return { kind: 'DO', outputs: undefined, changesCatalog: true }
  },
  CallStmt: (body, cx, span) => {
    const names = namesOf(body.funccall?.funcname)
    for (const arg of body.funccall?.args ?? []) evaluate(arg, cx)
    const { catalog, facts } = cx.run
    const found = matchesPath(catalog, catalog.functionsNamed(names.at(-1) ?? ''), names.at(-2), false, false).filter(
      (fn) => fn.kind === 'p',
    )
    if (found.length === 0) facts.unknown(`procedure "${names.join('.')}"`, true, span.offset)
    for (const fn of found) reportFunction(cx, fn, at(body.funccall?.location))
    const outs = found.flatMap((fn) => fn.outs)
    return { kind: 'CALL', outputs: outs.map((out) => ({ name: out.name, from: 'unknown', sources: [] })), changesCatalog: true }
  },
  VacuumStmt: (body, cx, span) => {
    const kind = body.is_vacuumcmd === true ? 'VACUUM' : 'ANALYZE'
    cx.run.facts.verb('admin', `${kind} is maintenance of the server`, span.offset)
    reportNamed(cx, body.rels, 'admin')
    return { kind, outputs: undefined }
  },
}

function only(cx: Context, span: Span, kind: string, verb: 'write' | 'admin' | 'session', what: string): Rest {
  cx.run.facts.verb(verb, what, span.offset)
  return { kind, outputs: undefined }
}

function changed(kind: string, returns: boolean, node: Node, cx: Context): Rest {
  const result = query(node, cx, 'rows')
  return { kind, outputs: returns ? outputs(result, cx) : undefined }
}

/** Columns that cannot be counted are said to be unknown, each of them. */
function outputs(result: QueryResult, _cx: Context) {
  const columns: readonly NamedValue[] = result.columns
  if (!result.open) return columns.map(toOutput)
  const known = columns.map((column) => toOutput({ ...column, value: column.value }))
  return [...known, { name: '*', from: 'unknown' as const, sources: [] }]
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
  for (const name of inner.names) facts.name(name)
  if (inner.withoutWhere) facts.withoutWhere()
}

/** Plain EXPLAIN is judged as what it explains too: it plans, and a plan shows what a table holds. */
function explain(body: ExplainStmt, cx: Context, _span: Span, nested: Nested): Rest {
  const inner = nested(body.query as Node)
  adopt(cx, inner)
  return {
    kind: `EXPLAIN ${inner.kind}`,
    outputs: [{ name: 'QUERY PLAN', from: 'unknown', sources: [] }],
    explain: true,
    changesCatalog: inner.changesCatalog,
  }
}

const optionOf = (node: Node): DefElem => as(node, 'DefElem') ?? {}

function copy(body: CopyStmt, cx: Context, span: Span): Rest {
  const { facts } = cx.run
  const from = body.is_from === true
  if (body.is_program === true) facts.verb('admin', `COPY ${from ? 'FROM' : 'TO'} PROGRAM runs a program on the server`, span.offset)
  else if (body.filename !== undefined) facts.verb('admin', `COPY ${from ? 'FROM' : 'TO'} a file of the server`, span.offset)
  const stream = body.is_program !== true && body.filename === undefined
  const format = copyFormat((body.options ?? []).map(optionOf))
  if (typeof format === 'string') facts.unknown(format, false, span.offset)
  const written = stream && typeof format !== 'string' ? { copyFormat: format } : {}
  if (body.query !== undefined) {
    if (as(body.query, 'SelectStmt') !== undefined) facts.reads()
    const result = query(body.query, cx, 'rows')
    if (!stream) for (const column of result.columns) emit(cx, column.value, 'uses', span.offset)
    return { kind: 'COPY', outputs: outputs(result, cx), copy: stream ? 'out' : undefined, ...written }
  }
  const item = nameRelation(cx, body.relation ?? {}, from ? 'write' : 'read')
  const listed = namesOf(body.attlist)
  const columns = item.all().filter((column) => listed.length === 0 || listed.includes(column.name))
  const ordered =
    listed.length === 0
      ? columns
      : listed.map((name) => columns.find((column) => column.name === name)).filter((column) => column !== undefined)
  if (ordered.length < listed.length) facts.unknown('column that COPY names', false, span.offset)
  for (const column of ordered) emit(cx, column.value, from || !stream ? 'uses' : 'shows', at(body.relation?.location))
  if (from) {
    facts.verb('write', 'COPY FROM adds rows', at(body.relation?.location))
    evaluate(body.whereClause, { ...cx, level: { items: [item], merged: new Map(), star: item.all(), open: item.open, parent: undefined } })
    return { kind: 'COPY', outputs: undefined, copy: stream ? 'in' : undefined, ...written }
  }
  return { kind: 'COPY', outputs: outputs({ columns: ordered, open: item.open }, cx), copy: stream ? 'out' : undefined, ...written }
}

const TRANSACTIONS: Readonly<Record<string, { kind: string; op: TransactionUse['op'] }>> = {
  TRANS_STMT_BEGIN: { kind: 'BEGIN', op: 'begin' },
  TRANS_STMT_START: { kind: 'START TRANSACTION', op: 'begin' },
  TRANS_STMT_COMMIT: { kind: 'COMMIT', op: 'commit' },
  TRANS_STMT_ROLLBACK: { kind: 'ROLLBACK', op: 'rollback' },
  TRANS_STMT_SAVEPOINT: { kind: 'SAVEPOINT', op: 'savepoint' },
  TRANS_STMT_RELEASE: { kind: 'RELEASE', op: 'release' },
  TRANS_STMT_ROLLBACK_TO: { kind: 'ROLLBACK TO', op: 'rollback-to' },
}

function transaction(body: TransactionStmt, cx: Context, span: Span): Rest {
  const known = TRANSACTIONS[body.kind ?? '']
  if (known === undefined) {
    cx.run.facts.verb('admin', 'two-phase commit leaves a transaction behind that holds its locks', span.offset)
    return { kind: 'PREPARE TRANSACTION', outputs: undefined, transaction: { op: 'prepare', readOnly: undefined } }
  }
  cx.run.facts.verb('transaction', `${known.kind} belongs to a transaction`, span.offset)
  const readOnly = transactionModes(body.options, cx, span)
  return { kind: known.kind, outputs: undefined, transaction: { op: known.op, readOnly } }
}

/** READ WRITE lifts the lock that a gateway for readers puts on; the rest only isolates. */
function transactionModes(options: readonly Node[] | undefined, cx: Context, span: Span): boolean | undefined {
  let readOnly: boolean | undefined
  for (const node of options ?? []) {
    const option = optionOf(node)
    if (option.defname === 'transaction_read_only') {
      readOnly = constantOf(option.arg) === '1' || constantOf(option.arg) === 'true'
      if (!readOnly) cx.run.facts.verb('write', 'READ WRITE opens the transaction for writing', span.offset)
    } else if (option.defname !== 'transaction_isolation' && option.defname !== 'transaction_deferrable') {
      cx.run.facts.unknown(`transaction mode ${option.defname ?? ''}`, false, span.offset)
    }
  }
  return readOnly
}

function setVariable(body: VariableSetStmt, cx: Context, span: Span): Rest {
  const { facts, catalog } = cx.run
  const name = body.name ?? ''
  switch (body.kind) {
    case 'VAR_SET_MULTI': {
      if (name === 'TRANSACTION' || name === 'SESSION CHARACTERISTICS') {
        facts.verb(name === 'TRANSACTION' ? 'transaction' : 'session', `SET ${name} sets how transactions run`, span.offset)
        const readOnly = transactionModes(body.args, cx, span)
        return { kind: `SET ${name}`, outputs: undefined, transaction: { op: 'set', readOnly } }
      }
      facts.verb('admin', `SET ${name} shows another transaction's snapshot`, span.offset)
      return { kind: 'SET', outputs: undefined }
    }
    case 'VAR_RESET_ALL':
      facts.verb('session', 'RESET ALL restores the settings', span.offset)
      return { kind: 'RESET', outputs: undefined }
    case 'VAR_SET_CURRENT':
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
    case 'VAR_SET_VALUE': {
      const values = body.args?.map((arg) => constantOf(arg))
      const given = values === undefined || values.some((value) => value === undefined) ? undefined : (values as string[])
      const verdict =
        body.kind === 'VAR_SET_VALUE' ? judgeSetting(name, given ?? intervalOf(body.args, name), catalog.schemas) : judgeReset(name)
      const words = body.kind === 'VAR_RESET' ? 'RESET' : 'SET'
      if (verdict.harmless) facts.verb('session', `${words} changes ${name} for this session`, span.offset)
      else facts.verb('admin', `${words}: ${verdict.why}`, span.offset)
      return { kind: words, outputs: undefined }
    }
    default:
      facts.unknown(`SET ${body.kind ?? ''}`, false, span.offset)
      return { kind: 'SET', outputs: undefined }
  }
}

/** SET TIME ZONE INTERVAL '…'. */
function intervalOf(args: readonly Node[] | undefined, name: string): readonly string[] | undefined {
  const cast = as(args?.[0], 'TypeCast')
  return name === 'timezone' && nameOf(cast?.typeName?.names?.at(-1)) === 'interval' ? ['interval'] : undefined
}
