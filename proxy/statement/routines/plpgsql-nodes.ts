/**
 * What is done with each node of a PL/pgSQL body, as libpg-query names them. `walk`: its parts tell all. `expression`: SQL text. `dynamic`: its
 * text is made when it runs. `transaction`: ends the transaction. `variable`: a name in reach. Any other node is unknown.
 */
export type PlDecision = 'walk' | 'expression' | 'dynamic' | 'transaction' | 'variable'

const decided = (decision: PlDecision, names: string): [string, PlDecision][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [`PLpgSQL_${name}`, decision])

export const PL_NODES: ReadonlyMap<string, PlDecision> = new Map([
  ...decided(
    'walk',
    `function stmt_block stmt_assign stmt_if if_elsif stmt_case case_when stmt_loop stmt_while stmt_fori stmt_fors stmt_forc stmt_foreach_a
    stmt_exit stmt_return stmt_return_next stmt_raise raise_option stmt_assert stmt_execsql stmt_getdiag diag_item stmt_fetch stmt_close
    stmt_perform stmt_call exception_block exception condition alias`,
  ),
  // Each may hold a query that is given as text: in the field `query` or `dynquery`.
  ...decided('dynamic', 'stmt_dynexecute stmt_dynfors stmt_open stmt_return_query'),
  ...decided('transaction', 'stmt_commit stmt_rollback'),
  ...decided('variable', 'var rec row recfield type'),
  ...decided('expression', 'expr'),
])

/** The field of a `dynamic` node that holds an expression whose value is then run. */
export const DYNAMIC_FIELDS: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_dynexecute: 'query',
  PLpgSQL_stmt_dynfors: 'query',
  PLpgSQL_stmt_open: 'dynquery',
  PLpgSQL_stmt_return_query: 'dynquery',
}

/** An SQL text in a body. `parseMode` is PostgreSQL's RawParseMode: 0 a statement, 2 an expression, 3 to 5 an assignment. */
export interface PlExpression {
  readonly query?: string
  readonly parseMode?: number
}

export interface PlDatum {
  readonly refname?: string
  readonly lineno?: number
  readonly datatype?: { readonly PLpgSQL_type?: { readonly typname?: string } }
}

/** `{ PLpgSQL_stmt_if: {…} }`. */
export type PlNode = Readonly<Record<string, unknown>>
