import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../../proxy/errors.ts'
import type { ApprovalRequest } from '../../../proxy/ports.ts'
import type { Analyst } from '../../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'
import { cutWords } from '../sql-words.ts'
import { whyNotSeen } from './harmless.ts'
import { putParameters } from './put-parameters.ts'
import { quoted } from './row-source.ts'
import { parseOne, sameText } from './tree.ts'

/** What of a request can be looked into. */
export interface ToPreview {
  /** As it was asked about: what its names mean in its own session. */
  readonly asked: readonly StatementFacts[]
  readonly inTransaction: boolean
  /** The one statement with its parameters put in; undefined where a value is not known. */
  readonly sqlFor: (catalog: Catalog) => string | undefined
}

const KINDS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'EXECUTE'])

/** Or why not, in words. */
export function statementToPreview(request: ApprovalRequest): ToPreview | string {
  const { facts, prepared = [], parameters, inTransaction = false } = request
  const [one] = facts
  if (one === undefined || facts.length !== 1) return 'Several statements at once are not looked into.'
  if (!KINDS.has(one.kind.split(' ')[0] ?? '')) return 'There are no rows to count: it is no INSERT, UPDATE, DELETE, MERGE or SELECT.'
  const tree = parseOne(request.sql)
  if (tree === undefined) return 'The text is too long to be looked into.'
  if ('ExecuteStmt' in tree) {
    const [body] = prepared
    const values = (tree.ExecuteStmt.params ?? []).map((node) => {
      if (!('A_Const' in node)) return undefined
      const { isnull, sval, ival, fval, boolval } = node.A_Const
      if (isnull === true) return { text: null, type: undefined }
      const text =
        sval?.sval ??
        fval?.fval ??
        (ival === undefined ? (boolval === undefined ? undefined : String(boolval.boolval ?? false)) : String(ival.ival ?? 0))
      return text === undefined ? undefined : { text, type: undefined }
    })
    const known = values.filter((value) => value !== undefined)
    if (body === undefined || known.length !== values.length) return 'What EXECUTE would run was not looked into.'
    return { asked: facts, inTransaction, sqlFor: () => putParameters(bodyOf(body.sql), known) }
  }
  return {
    asked: facts,
    inTransaction,
    sqlFor: (catalog) => {
      if (parameters.some((parameter) => parameter.value === undefined)) return undefined
      return putParameters(
        request.sql,
        parameters.map(({ value = null, type = 0 }) => ({ text: value, type: typeName(catalog, type) })),
      )
    },
  }
}

/** What a PREPARE prepares; the text itself where it is none. */
function bodyOf(sql: string): string {
  const tree = parseOne(sql)
  if (tree === undefined || !('PrepareStmt' in tree)) return sql
  for (const as of cutWords(sql).filter((word) => word.depth === 0 && word.text === 'as')) {
    const body = sql.slice(as.end)
    if (sameText(parseOne(body)) === sameText(tree.PrepareStmt.query)) return body
  }
  return ''
}

function typeName(catalog: Catalog, oid: number): string | undefined {
  const type = oid === 0 ? undefined : catalog.type(oid)
  if (type === undefined) return undefined
  if (type.kind === 'array') {
    const element = type.element === undefined ? undefined : catalog.type(type.element)
    return element === undefined ? undefined : `${quoted(element.schema)}.${quoted(element.name)}[]`
  }
  return `${quoted(type.schema)}.${quoted(type.name)}`
}

/** The statement as it can be sent by itself, with its own facts; or why it is not looked into. */
export async function readStatement(
  { asked, sqlFor }: ToPreview,
  catalog: Catalog,
  analyst: Analyst,
): Promise<{ readonly sql: string; readonly facts: StatementFacts } | string> {
  const unseen = whyNotSeen(asked, catalog)
  if (unseen !== undefined) return `It was not looked into: ${unseen}.`
  const sql = sqlFor(catalog)
  if (sql === undefined) return 'A parameter’s value cannot be put in, so it was not looked into.'
  const analysis = await analyst.analyse(Buffer.from(sql), catalog)
  const facts = analysis instanceof GatewayError ? undefined : analysis.statements[0]
  return facts === undefined ? 'It was not looked into: it could not be read.' : { sql, facts }
}
