import type { Node } from '@pgsql/types'
import { as, nameOf, tag } from './tree.ts'

/** The name that PostgreSQL gives an output column without AS (FigureColname in parse_target.c). */
export function figureName(node: Node | undefined): string {
  return figure(node)?.name ?? '?column?'
}

/** `weak`: only if nothing better is found. */
function figure(node: Node | undefined): { name: string; weak: boolean } | undefined {
  if (node === undefined) return undefined
  const { kind } = tag(node)
  switch (kind) {
    case 'ColumnRef':
      return strong(lastName(as(node, 'ColumnRef')?.fields))
    case 'A_Indirection': {
      const body = as(node, 'A_Indirection')
      const name = lastName(body?.indirection)
      return name === undefined ? figure(body?.arg) : strong(name)
    }
    case 'FuncCall':
      return strong(lastName(as(node, 'FuncCall')?.funcname))
    case 'A_Expr':
      return as(node, 'A_Expr')?.kind === 'AEXPR_NULLIF' ? strong('nullif') : undefined
    case 'TypeCast': {
      const body = as(node, 'TypeCast')
      const inner = figure(body?.arg)
      if (inner !== undefined && !inner.weak) return inner
      const name = lastName(body?.typeName?.names)
      return name === undefined ? inner : { name, weak: true }
    }
    case 'CollateClause':
      return figure(as(node, 'CollateClause')?.arg)
    case 'GroupingFunc':
      return strong('grouping')
    case 'MergeSupportFunc':
      return strong('merge_action')
    case 'SubLink':
      return figureSubLink(node)
    case 'CaseExpr':
      return figureCase(node)
    case 'A_ArrayExpr':
      return strong('array')
    case 'RowExpr':
      return strong('row')
    case 'CoalesceExpr':
      return strong('coalesce')
    case 'MinMaxExpr':
      return strong(as(node, 'MinMaxExpr')?.op === 'IS_LEAST' ? 'least' : 'greatest')
    case 'SQLValueFunction':
      return strong(sqlValueName(as(node, 'SQLValueFunction')?.op ?? ''))
    case 'XmlExpr':
      return strong(XML[as(node, 'XmlExpr')?.op ?? ''])
    case 'XmlSerialize':
      return strong('xmlserialize')
    default:
      return strong(JSON_NAMES[kind] ?? (kind === 'JsonFuncExpr' ? JSON_FUNCTIONS[as(node, 'JsonFuncExpr')?.op ?? ''] : undefined))
  }
}

const strong = (name: string | undefined) => (name === undefined ? undefined : { name, weak: false })

function lastName(nodes: readonly Node[] | undefined): string | undefined {
  const names = (nodes ?? []).filter((node) => as(node, 'String') !== undefined)
  return names.length === 0 ? undefined : nameOf(names.at(-1))
}

function figureSubLink(node: Node) {
  const body = as(node, 'SubLink')
  if (body?.subLinkType === 'EXISTS_SUBLINK') return strong('exists')
  if (body?.subLinkType === 'ARRAY_SUBLINK') return strong('array')
  if (body?.subLinkType !== 'EXPR_SUBLINK') return undefined
  let select = as(body.subselect, 'SelectStmt')
  while (select?.larg !== undefined) select = select.larg
  const target = as(select?.targetList?.[0], 'ResTarget')
  if (target === undefined) return select?.valuesLists === undefined ? undefined : strong('column1')
  return strong(target.name ?? figureName(target.val))
}

function figureCase(node: Node) {
  const inner = figure(as(node, 'CaseExpr')?.defresult)
  return inner !== undefined && !inner.weak ? inner : { name: 'case', weak: true }
}

/** SVFOP_CURRENT_TIMESTAMP_N is `current_timestamp`. */
function sqlValueName(op: string): string {
  return op.replace('SVFOP_', '').replace(/_N$/, '').toLowerCase()
}

const XML: Readonly<Record<string, string>> = {
  IS_XMLCONCAT: 'xmlconcat',
  IS_XMLELEMENT: 'xmlelement',
  IS_XMLFOREST: 'xmlforest',
  IS_XMLPARSE: 'xmlparse',
  IS_XMLPI: 'xmlpi',
  IS_XMLROOT: 'xmlroot',
}

const JSON_NAMES: Readonly<Partial<Record<string, string>>> = {
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
}

const JSON_FUNCTIONS: Readonly<Record<string, string>> = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
}
