import { GatewayError } from '../errors.ts'
import type { NameUse, StatementFacts, Verb } from '../statement/facts.ts'
import type { Lookup } from './names.ts'

/** What the session knows of names when a statement arrives. */
export interface NameScope {
  statement(name: string): Lookup<readonly StatementFacts[]>
  cursor(name: string): Lookup<readonly StatementFacts[]>
}

/**
 * Fills in what a name stands for: EXECUTE does what the prepared statement does, FETCH shows what the cursor's query shows. The same
 * array comes back when no statement uses a name. `wait`: the server has not confirmed the name yet. Throws 26000 or 34000 for a name
 * that does not exist, since what it would run cannot be judged.
 */
export function composeNames(statements: readonly StatementFacts[], scope: NameScope): readonly StatementFacts[] | 'wait' {
  if (statements.every((facts) => facts.names.length === 0)) return statements
  const made = new Map<string, readonly StatementFacts[]>()
  const composed: StatementFacts[] = []
  for (const facts of statements) {
    let whole = facts
    for (const use of facts.names) {
      const body = bodyOf(use, made, scope)
      if (body === 'wait') return 'wait'
      if (body !== undefined) whole = include(whole, demandPlain(body))
      if (use.kind === 'prepare') made.set(`s:${use.name}`, [use.body])
      if (use.kind === 'declare') made.set(`c:${use.name}`, [use.body])
    }
    composed.push(whole)
  }
  return composed
}

function bodyOf(
  use: NameUse,
  made: Map<string, readonly StatementFacts[]>,
  scope: NameScope,
): readonly StatementFacts[] | 'wait' | undefined {
  if (use.kind === 'execute') {
    const found = made.get(`s:${use.name}`) ?? value(scope.statement(use.name))
    if (found === 'missing') throw missing('26000', `prepared statement "${use.name}" does not exist`)
    return found
  }
  if (use.kind === 'fetch') {
    const found = made.get(`c:${use.name}`) ?? value(scope.cursor(use.name))
    if (found === 'missing') throw missing('34000', `cursor "${use.name}" does not exist`)
    return found
  }
  return undefined
}

function value(found: Lookup<readonly StatementFacts[]>): readonly StatementFacts[] | 'wait' | 'missing' {
  return typeof found === 'string' ? found : found.value
}

/** Parse can prepare what PREPARE cannot: an EXECUTE, a PREPARE, a COPY. What those do by a name would be hidden behind another. */
function demandPlain(body: readonly StatementFacts[]): readonly StatementFacts[] {
  const odd = body.find((facts) => facts.names.length > 0 || facts.copy !== undefined)
  if (odd === undefined) return body
  throw new GatewayError({
    code: 'unsupported',
    sqlstate: '0A000',
    message: `${odd.kind} cannot be run by EXECUTE or FETCH through the gateway`,
    hint: `Send ${odd.kind} itself, or Bind what Parse prepared.`,
  })
}

/** Worded as the server does. */
function missing(sqlstate: string, message: string): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate, message })
}

function carriesOf(outer: StatementFacts['carries'], inner: NonNullable<StatementFacts['carries']>): Pick<StatementFacts, 'carries'> {
  const all = [...(outer ?? []), ...inner]
  return all.length === 0 ? {} : { carries: all }
}

/** The outer statement with all that the inner one does; the rows that come back are the inner one's. */
function include(outer: StatementFacts, bodies: readonly StatementFacts[]): StatementFacts {
  // The inner statement's offsets are in another text: they become the place of the name.
  const here = <T extends { readonly offset: number }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, offset: outer.span.offset, length: 0 }))
  let whole = outer
  for (const body of bodies) {
    whole = {
      ...whole,
      verbs: [...new Set<Verb>([...whole.verbs, ...body.verbs])],
      because: [...whole.because, ...here(body.because)],
      relations: [...whole.relations, ...here(body.relations)],
      columns: [...whole.columns, ...here(body.columns)],
      functions: [...whole.functions, ...here(body.functions)],
      unknown: [...whole.unknown, ...here(body.unknown)],
      ...carriesOf(whole.carries, here(body.carries ?? [])),
      outputs: whole.outputsFromName ? body.outputs : whole.outputs,
      withoutWhere: whole.withoutWhere || body.withoutWhere,
      changesCatalog: whole.changesCatalog || body.changesCatalog,
    }
  }
  return whole
}
