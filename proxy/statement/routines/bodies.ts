import type { Node } from '@pgsql/types'
import { quoteName } from '../../catalog/build.ts'
import type { Catalog, FunctionInfo, Relation, RoutineCode } from '../../catalog/catalog.ts'
import { createCollector } from '../collect.ts'
import type { Analysing, Context, ViewShape } from '../context.ts'
import { query } from '../query.ts'
import { readInner } from '../read-one.ts'
import { as } from '../tree.ts'
import { parseText } from './body-texts.ts'
import { innerCollector } from './inner-collector.ts'
import { parseBody } from './parse-body.ts'
import { readPlpgsql } from './read-plpgsql.ts'
import { OTHER_LANGUAGE } from './report-own.ts'
import type { RoutineOf, RoutineShape } from './routine-shape.ts'
import { levelOf } from './variables.ts'

/** The team wrote it, so it may be longer than what an agent sends; it is read once for each catalog. */
const MAX_BODY_BYTES = 131_072

const books = new WeakMap<Catalog, Map<number, RoutineShape>>()

/** What functions of the team's do, worked out once for each catalog. The parser must have been loaded. */
export function bodiesOf(catalog: Catalog, shapeOf: (view: Relation) => ViewShape): RoutineOf {
  let book = books.get(catalog)
  if (book === undefined) {
    book = new Map()
    books.set(catalog, book)
  }
  const known = book
  const bodyOf: RoutineOf = (fn) => {
    const kept = known.get(fn.oid)
    if (kept !== undefined) return kept
    // A function that calls itself adds nothing to what it does already.
    known.set(fn.oid, { facts: createCollector(), withoutWhere: false, sources: [], unread: undefined })
    const shape = readRoutine(catalog, fn, shapeOf, bodyOf)
    known.set(fn.oid, shape)
    return shape
  }
  return bodyOf
}

function readRoutine(catalog: Catalog, fn: FunctionInfo, shapeOf: Analysing['shapeOf'], bodyOf: RoutineOf): RoutineShape {
  const collector = createCollector()
  let withoutWhere = false
  const inner = innerCollector(collector, 0, `in ${fn.signature}`)
  const facts = {
    ...inner,
    withoutWhere: () => {
      withoutWhere = true
    },
  }
  const pinned = fn.code?.sqlBody !== undefined
  const run: Analysing = {
    catalog,
    facts,
    pinned,
    shapeOf,
    bodyOf,
    marks: { blurred: false },
    budget: { steps: 0 },
    calls: new Map(),
    query,
  }
  const cx: Context = { run, level: undefined, ctes: undefined, quiet: false }
  const why = fn.code === undefined ? OTHER_LANGUAGE : readCode(fn, fn.code, cx)
  const unread = why ?? collector.unknowns.find((one) => one.fn === undefined)?.what
  const sources = collector.columns.map(({ oid, attnum }) => ({ oid, attnum, plain: false }))
  return { facts: collector, withoutWhere, sources, unread }
}

/** Why the body tells nothing; undefined when it was read. */
function readCode(fn: FunctionInfo, code: RoutineCode, cx: Context): string | undefined {
  if (fn.language === 'plpgsql') {
    const parsed = parseBody(headOf(fn, code, cx.run.catalog), code.text, MAX_BODY_BYTES)
    if ('why' in parsed) return `its body could not be read: ${parsed.why}`
    readPlpgsql(parsed, cx, [fn.name], readInner)
    return undefined
  }
  if (fn.language !== 'sql') return OTHER_LANGUAGE
  const statements = code.sqlBody === undefined ? parseText(code.text) : statementsOfSqlBody(code.sqlBody)
  if (statements === undefined) return 'its body could not be read'
  const variables = code.argNames.flatMap((name, place) => {
    const type = cx.run.catalog.type(fn.args?.[place] ?? 0)
    return name === '' ? [] : [{ name, type: type === undefined ? undefined : `${quoteName(type.schema)}.${quoteName(type.name)}` }]
  })
  const inside: Context = { ...cx, level: levelOf(variables, [fn.name], cx.run.catalog) }
  for (const node of statements) readInner(node, inside)
  return undefined
}

/** `RETURN expression` or `BEGIN ATOMIC …; END`. */
function statementsOfSqlBody(text: string): readonly Node[] | undefined {
  const made = parseText(`CREATE FUNCTION f() LANGUAGE sql ${text}`)?.[0]
  return made === undefined ? undefined : flatten(as(made, 'CreateFunctionStmt')?.sql_body)
}

function flatten(node: Node | undefined): readonly Node[] {
  if (node === undefined) return []
  const list = as(node, 'List')
  if (list !== undefined) return (list.items ?? []).flatMap(flatten)
  const returned = as(node, 'ReturnStmt')
  if (returned === undefined) return [node]
  return returned.returnval === undefined
    ? []
    : [{ SelectStmt: { targetList: [{ ResTarget: { val: returned.returnval } }], op: 'SETOP_NONE' } }]
}

const TRIGGER = 2279
const EVENT_TRIGGER = 3838
const VOID = 2278

/** A head that gives the body's parser the same names and the same kind of result. It asks of a type only whether it is a row. */
function headOf(fn: FunctionInfo, code: RoutineCode, catalog: Catalog): string {
  const typeOf = (oid: number): string => {
    const type = catalog.type(oid)
    return type?.kind === 'composite' || type?.kind === 'pseudo' || type === undefined
      ? 'record'
      : type.kind === 'array'
        ? 'text[]'
        : 'text'
  }
  const named = (name: string | undefined): string => (name === undefined || name === '' ? '' : `${quoteName(name)} `)
  const ins = (fn.args ?? []).map((oid, place) => `${named(code.argNames[place])}${typeOf(oid)}`)
  const outs = fn.outs.filter(({ name }) => !code.argNames.includes(name)).map(({ name, type }) => `OUT ${named(name)}${typeOf(type)}`)
  const args = [...ins, ...outs].join(', ')
  if (fn.kind === 'p') return `CREATE PROCEDURE f(${args}) LANGUAGE plpgsql AS `
  return `CREATE FUNCTION f(${args}) RETURNS ${returns()} LANGUAGE plpgsql AS `

  function returns(): string {
    if (fn.returns === TRIGGER) return 'trigger'
    if (fn.returns === EVENT_TRIGGER) return 'event_trigger'
    const one = fn.outs.length > 1 ? 'record' : fn.returns === VOID ? 'void' : typeOf(fn.outs[0]?.type ?? fn.returns)
    return code.returnsSet ? `SETOF ${one}` : one
  }
}
