import type { Node } from '@pgsql/types'
import { carry } from '../carry.ts'
import { type Context, spend } from '../context.ts'
import { as, constantOf } from '../tree.ts'
import { unknownValue } from '../value.ts'
import { parseText, statementsOf } from './body-texts.ts'
import type { ParsedBody } from './parse-body.ts'
import { DYNAMIC_FIELDS, PL_NODES, type PlDatum, type PlExpression, type PlNode } from './plpgsql-nodes.ts'
import { levelOf, type Variable } from './variables.ts'

/**
 * Reads one statement of a body into the context's facts. True: it may change what the catalog holds. Handed in, since statements hold bodies and
 * bodies hold statements.
 */
export type ReadStatement = (node: Node, cx: Context) => boolean

/** Everything that a body may do: every branch counts. `labels`: what else variables may be qualified with. True: it may change what the catalog holds. */
export function readPlpgsql(
  body: Exclude<ParsedBody, { why: string }>,
  outer: Context,
  labels: readonly string[],
  read: ReadStatement,
): boolean {
  const { facts } = outer.run
  let changes = false
  const variables: Variable[] = []
  const names = [...labels]
  collect(body.datums, variables)
  collectLabels(body.action, names)
  const cx: Context = { ...outer, ctes: undefined, quiet: false, level: levelOf(variables, names, outer.run.catalog) }

  for (const name of typesOf(body.datums)) readAll(parseText(`SELECT NULL::${name}`), `type ${name}`)
  for (const text of body.defaults) readAll(parseText(`SELECT ${text}`), 'a default')
  for (const datum of body.datums) visitNode(datum)
  visit(body.action)
  return changes

  function visit(part: unknown): void {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) for (const one of part) visit(one)
    else visitNode(part as PlNode)
  }

  function visitNode(node: PlNode): void {
    spend(cx)
    for (const [name, inner] of Object.entries(node)) {
      if (!name.startsWith('PLpgSQL_')) {
        visit(inner)
        continue
      }
      const decision = PL_NODES.get(name)
      if (decision === undefined) facts.unknown(`${name.slice(8)} in PL/pgSQL`, true, 0)
      else if (decision === 'expression') readAll(statementsOf(inner as PlExpression), 'an expression')
      else if (decision === 'transaction') {
        facts.verb('transaction', `${name.endsWith('commit') ? 'COMMIT' : 'ROLLBACK'} ends the transaction`, 0)
      } else if (decision === 'dynamic') visitDynamic(name, inner as PlNode)
      else visit(inner)
    }
  }

  function visitDynamic(name: string, node: PlNode): void {
    const field = DYNAMIC_FIELDS[name]
    for (const [key, part] of Object.entries(node)) {
      visit(part)
      if (key === field) runText((part as { PLpgSQL_expr?: PlExpression }).PLpgSQL_expr)
    }
  }

  /** A text that is constant is read; any other is not known before it runs. */
  function runText(expression: PlExpression | undefined): void {
    const node = expression === undefined ? undefined : statementsOf(expression)?.[0]
    const target = as(as(node, 'SelectStmt')?.targetList?.[0], 'ResTarget')?.val
    const text = constantOf(target)
    if (text === undefined) {
      facts.unknown('a statement made at run time by EXECUTE', true, 0)
      carry(cx, { kind: 'place', what: 'a statement made at run time' }, unknownValue(), 0)
      changes = true
    } else readAll(parseText(text), 'the text of an EXECUTE')
  }

  function readAll(nodes: readonly Node[] | undefined, what: string): void {
    if (nodes === undefined) facts.unknown(`${what} that cannot be read`, true, 0)
    else for (const node of nodes) if (read(node, cx)) changes = true
  }
}

function collect(datums: readonly PlNode[], variables: Variable[]): void {
  for (const datum of datums) {
    for (const [kind, body] of Object.entries(datum)) {
      const { refname, datatype } = body as PlDatum
      if (refname === undefined || (kind !== 'PLpgSQL_var' && kind !== 'PLpgSQL_rec')) continue
      const type = datatype?.PLpgSQL_type?.typname
      variables.push({ name: refname, type: type === undefined || type === 'record' || type.includes('%') ? undefined : type })
    }
  }
}

/** Labels of blocks and loops. */
function collectLabels(part: unknown, names: string[]): void {
  if (typeof part !== 'object' || part === null) return
  for (const [key, inner] of Object.entries(part)) {
    if (key === 'label' && typeof inner === 'string') names.push(inner)
    else collectLabels(inner, names)
  }
}

/** Types that variables were declared with: filling them may run a domain's CHECK. `%TYPE` and `%ROWTYPE` are a column's or a table's, and named no type. */
function typesOf(datums: readonly PlNode[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const datum of datums) {
    for (const body of Object.values(datum)) {
      const { lineno, datatype } = body as PlDatum
      const name = datatype?.PLpgSQL_type?.typname
      if (lineno !== undefined && name !== undefined && !name.includes('%') && name !== 'record') names.add(name)
    }
  }
  return names
}
