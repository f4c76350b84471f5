import type { AlterTableStmt, CreateFunctionStmt, CreateStmt, CreateTrigStmt, Node, RuleStmt } from '@pgsql/types'
import type { FunctionInfo, Relation } from '../catalog/catalog.ts'
import { carry, carryInto } from './carry.ts'
import { createCollector } from './collect.ts'
import type { Context } from './context.ts'
import { evaluate } from './expression.ts'
import type { CarryTarget } from './facts.ts'
import { candidates, peekRelation } from './relations.ts'
import { carriesOfBody } from './routines/carries-of-body.ts'
import { columnsOfRow } from './routines/columns-of-row.ts'
import type { ReadStatement } from './routines/read-plpgsql.ts'
import { EMPTY, type Item } from './scope.ts'
import { as, at, namesOf, optionOf } from './tree.ts'
import { derive, unknownValue, type Value } from './value.ts'

/**
 * What a schema change carries: the values of a column that is computed anew, what a default of the team's own brings, and what a trigger or
 * rule will move whenever it runs. Generated columns, views and new names need nothing here: the catalog tells of them.
 */
export function carriesOfDefinition(node: Node, cx: Context, read: ReadStatement): void {
  const alter = as(node, 'AlterTableStmt')
  if (alter !== undefined) alterTable(alter, cx)
  const create = as(node, 'CreateStmt')
  if (create !== undefined) createTable(create, cx)
  const trigger = as(node, 'CreateTrigStmt')
  if (trigger !== undefined) createTrigger(trigger, cx, read)
  const fn = as(node, 'CreateFunctionStmt')
  if (fn !== undefined) replaceFunction(fn, cx, read)
  const rule = as(node, 'RuleStmt')
  if (rule !== undefined) createRule(rule, cx)
}

function alterTable(node: AlterTableStmt, cx: Context): void {
  const item = peekRelation(cx, node.relation ?? {})
  const inside: Context = { ...cx, level: { ...EMPTY, items: [item], star: item.all(), open: item.open, parent: undefined } }
  for (const one of node.cmds ?? []) {
    const cmd = as(one, 'AlterTableCmd')
    const definition = as(cmd?.def, 'ColumnDef')
    const name = cmd?.name ?? ''
    if (cmd?.subtype === 'AT_AlterColumnType' && definition?.raw_default !== undefined) {
      carryInto(inside, item, name, evaluate(definition.raw_default, inside), at(definition.location))
    } else if (cmd?.subtype === 'AT_ColumnDefault' && cmd.def !== undefined) {
      carryInto(cx, item, name, ofTheTeams(cmd.def, cx), 0)
    } else if (cmd?.subtype === 'AT_AddColumn' && cmd.def !== undefined) {
      for (const relation of item.relations) columnDefault(cmd.def, relation, cx)
    }
  }
}

function createTable(node: CreateStmt, cx: Context): void {
  const { schemaname: schema, relname: name = '' } = node.relation ?? {}
  for (const element of node.tableElts ?? []) columnDefault(element, { schema, name }, cx)
}

function columnDefault(element: Node, made: { readonly schema: string | undefined; readonly name: string }, cx: Context): void {
  const column = as(element, 'ColumnDef')
  for (const one of column?.constraints ?? []) {
    const constraint = as(one, 'Constraint')
    if (constraint?.contype !== 'CONSTR_DEFAULT') continue
    const to: CarryTarget = { kind: 'made', schema: made.schema, name: made.name, column: column?.colname ?? '' }
    carry(cx, to, ofTheTeams(constraint.raw_expr, cx), at(column?.location))
  }
}

/** A default names no column: what it brings comes from functions of the team's. Whether those may run is asked when it does. */
function ofTheTeams(node: Node | undefined, cx: Context): Value {
  return evaluate(node, { ...cx, level: undefined, run: { ...cx.run, facts: createCollector() } })
}

function createTrigger(node: CreateTrigStmt, cx: Context, read: ReadStatement): void {
  const names = namesOf(node.funcname)
  const functions = cx.run.catalog.functionsNamed(names.at(-1) ?? '').filter((fn) => names.length === 1 || fn.schema === names.at(-2))
  const { schemaname, relname = '' } = node.relation ?? {}
  for (const relation of candidates(cx.run.catalog, schemaname, relname, false)) {
    const what = `trigger ${node.trigname ?? ''} on ${relation.label}`
    if (functions.length === 0) carry(cx, { kind: 'place', what }, wholeRow(relation), 0)
    for (const fn of functions) if (fn.code !== undefined) carryByTrigger(cx, relation, what, fn.code.text, fn.language, read)
  }
}

/** A function that runs with some table already gets another body. */
function replaceFunction(node: CreateFunctionStmt, cx: Context, read: ReadStatement): void {
  if (node.replace !== true) return
  const names = namesOf(node.funcname)
  const same = (fn: FunctionInfo | undefined): boolean =>
    fn !== undefined && fn.name === names.at(-1) && (names.length === 1 || fn.schema === names.at(-2))
  const { body, language } = bodyOf(node)
  for (const relation of cx.run.catalog.relations()) {
    for (const code of relation.attached) {
      const fn = cx.run.catalog.fn(code.fn)
      if (same(fn)) carryByTrigger(cx, relation, `${code.kind} ${code.name} on ${relation.label}`, body, language, read)
    }
  }
}

function bodyOf(node: CreateFunctionStmt): { readonly body: string; readonly language: string } {
  const options = (node.options ?? []).map(optionOf)
  const given = (name: string) => options.find((option) => option.defname === name)?.arg
  return { body: namesOf(as(given('as'), 'List')?.items).join('\n'), language: as(given('language'), 'String')?.sval ?? 'sql' }
}

/** What such code moves: columns of the row that it names, and what its statements store. */
function carryByTrigger(cx: Context, relation: Relation, what: string, text: string, language: string, read: ReadStatement): void {
  const to: CarryTarget = { kind: 'place', what }
  const body = language === 'plpgsql' ? carriesOfBody(cx, text, read) : undefined
  for (const one of body ?? []) cx.run.facts.carry(one)
  for (const attnum of body === undefined ? [0] : columnsOfRow(text, relation)) carry(cx, to, columnsValue(relation, attnum), 0)
}

/** What a rule does instead, or as well, stands in it. */
function createRule(node: RuleStmt, cx: Context): void {
  const to: CarryTarget = { kind: 'place', what: `rule ${node.rulename ?? ''}` }
  const facts = createCollector()
  const aside: Context = { ...cx, run: { ...cx.run, facts } }
  const own = peekRelation(aside, node.relation ?? {})
  const rows: Item[] = ['old', 'new'].map((name) => ({ ...own, name, bare: false }))
  const inside: Context = { ...aside, level: { ...EMPTY, items: rows, open: own.open, parent: undefined } }
  for (const action of node.actions ?? []) {
    const { columns } = cx.run.query(action, inside, 'rows')
    for (const column of columns) carry(cx, to, column.value, 0)
    for (const use of facts.carries) carry(cx, to, { ...unknownValue(), known: use.known, sources: use.sources }, 0)
  }
}

const wholeRow = (relation: Relation): Value => columnsValue(relation, 0)

function columnsValue(relation: Relation, attnum: number): Value {
  return derive([{ sources: [{ oid: relation.oid, attnum, plain: false }], plain: false, known: true, type: 0 }], 0)
}
