import type { Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'
import { previewStatement } from './preview.ts'
import { applicationName } from './run-query.ts'
import type { JsonValue } from './typed-value.ts'

export interface TableDetails {
  /** About, as the planner believes; undefined: never analysed. */
  readonly rows: number | undefined
  readonly comment: string | undefined
  readonly primaryKey: readonly number[]
  readonly columnComments: ReadonlyMap<number, string>
}

/**
 * Comments, primary keys and row estimates, by table OID, asked for as the person and down the same path as any statement: judged, masked
 * and recorded. Undefined where the policy does not let them.
 */
export async function readDetails(
  context: McpContext,
  caller: McpCaller,
  connection: string,
  relations: readonly Relation[],
): Promise<Map<number, TableDetails> | undefined> {
  const sql = detailsSql(relations.map((relation) => relation.oid))
  const preview = await previewStatement(context, connection, caller, sql)
  if (preview instanceof GatewayError || preview.verdict.effect !== 'allow') return undefined
  const { token, address, tls } = caller
  const target = {
    gateway: context.gateway,
    connection,
    token,
    application: applicationName(caller.client),
    address,
    tls,
    reads: caller.lanes(connection).reads,
  }
  const call = { sql, parameters: undefined, stops: false, reason: 'the tool describe', onHeld: () => undefined }
  const answer = await caller.lanes(connection).run(target, call, () => undefined)
  if (answer.error !== undefined) return undefined
  return new Map(relations.map(({ oid }) => [oid, gather(answer.rows.filter((row) => row[0] === oid))]))
}

function gather(rows: readonly (readonly JsonValue[])[]): TableDetails {
  const columnComments = new Map<number, string>()
  let comment: string | undefined
  let estimate: number | undefined
  const primaryKey: number[] = []
  for (const [, what, place, text] of rows) {
    if (what === 'rows' && Number(text) >= 0) estimate = Number(text)
    else if (what === 'key') primaryKey.push(Number(place))
    else if (what === 'comment' && place === 0) comment = String(text)
    else if (what === 'comment') columnComments.set(Number(place), String(text))
  }
  return { rows: estimate, comment, primaryKey, columnComments }
}

function detailsSql(oids: readonly number[]): string {
  const list = oids.join(', ')
  return `SELECT c.oid, 'rows' AS what, 0 AS place, c.reltuples::bigint::text AS value FROM pg_catalog.pg_class c WHERE c.oid IN (${list}) AND c.relkind IN ('r', 'p', 'm')
UNION ALL SELECT d.objoid, 'comment', d.objsubid, d.description FROM pg_catalog.pg_description d WHERE d.classoid = 1259 AND d.objoid IN (${list})
UNION ALL SELECT k.indrelid, 'key', a.attnum::int, '' FROM pg_catalog.pg_index k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.indexrelid JOIN pg_catalog.pg_attribute t ON t.attrelid = k.indrelid AND t.attname = a.attname WHERE k.indisprimary AND k.indrelid IN (${list})`
}
