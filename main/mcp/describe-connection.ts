import type { Catalog, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { decide } from '../../proxy/verdict/decide.ts'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import { compilePattern } from '../../proxy/verdict/patterns.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { DescribeOutput } from '../contract/mcp.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'
import { readDetails, type TableDetails } from './read-details.ts'
import { nameType } from './type-name.ts'

/** More tables than this in one answer help nobody. */
const MOST_TABLES = 60

export interface DescribeRequest {
  readonly connection: string
  readonly schema?: string | undefined
  /** `customers` or `public.customers`. */
  readonly table?: string | undefined
  readonly search?: string | undefined
}

const KINDS: Readonly<Record<string, DescribeOutput['tables'][number]['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
}

/**
 * What this person may know of a database: tables that some rule lets them read or asks about, with how their columns would look. Keys,
 * comments and estimates are read by the person's own session, under the policy; where it does not let them, they are left out. Throws
 * `GatewayError` where the catalog cannot be read.
 */
export async function describeConnection(context: McpContext, caller: McpCaller, request: DescribeRequest): Promise<DescribeOutput> {
  const { connection } = request
  const upstream = context.upstreams.own(connection)
  if (upstream === undefined)
    throw new GatewayError({ code: 'connection-unknown', sqlstate: '3D000', message: `there is no connection "${connection}"` })
  const catalog = await context.gateway.catalog(upstream)
  const policy = context.policies.current(connection)
  const wanted = [...catalog.relations()]
    .filter((relation) => !relation.system && !relation.temporary && KINDS[relation.kind] !== undefined && isWanted(relation, request))
    .sort((a, b) => (a.label < b.label ? -1 : 1))
  const seen: { readonly relation: Relation; readonly read: 'allow' | 'ask' }[] = []
  for (const relation of wanted) {
    const read = await effectOfReading(context, caller, relation, policy, catalog)
    if (read !== 'deny') seen.push({ relation, read })
  }
  const shown = seen.slice(0, MOST_TABLES)
  const details =
    shown.length === 0
      ? new Map<number, TableDetails>()
      : await readDetails(
          context,
          caller,
          connection,
          shown.map((one) => one.relation),
        )
  const notes: string[] = []
  if (details === undefined)
    notes.push('Keys, comments and row counts are not told: the policy does not let you read PostgreSQL’s catalog.')
  if (shown.length === 0) notes.push('No table of that kind is for you here.')
  return {
    connection,
    tables: shown.map(({ relation, read }) => describeTable(relation, read, details?.get(relation.oid), catalog, policy)),
    more: seen.length - shown.length,
    notes,
  }
}

function isWanted(relation: Relation, { schema, table, search }: DescribeRequest): boolean {
  if (schema !== undefined && relation.schema !== schema) return false
  if (table !== undefined && relation.name !== table && relation.label !== table && `${relation.schema}.${relation.name}` !== table)
    return false
  if (search === undefined) return true
  const part = search.toLowerCase()
  return relation.label.toLowerCase().includes(part) || relation.columns.some((column) => column.name.toLowerCase().includes(part))
}

async function effectOfReading({ gateway, clock }: McpContext, { who }: McpCaller, relation: Relation, policy: Policy, catalog: Catalog) {
  const column = relation.columns[0]
  const what = column === undefined ? '1' : quote(column.name)
  const analysis = await gateway.analyst.analyse(
    Buffer.from(`SELECT ${what} FROM ${quote(relation.schema)}.${quote(relation.name)}`),
    catalog,
  )
  if (analysis instanceof GatewayError) return 'deny'
  return decide(analysis.statements, policy, catalog, who, new Date(clock.now())).effect
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

function describeTable(
  relation: Relation,
  read: 'allow' | 'ask',
  details: TableDetails | undefined,
  catalog: Catalog,
  policy: Policy,
): DescribeOutput['tables'][number] {
  const labels = compileLabels(policy, catalog)
  const names = [relation.schema, relation.name]
  return {
    name: relation.label,
    kind: KINDS[relation.kind] ?? 'table',
    read,
    rows: details?.rows ?? null,
    comment: details?.comment ?? null,
    untrusted: policy.untrusted.some((pattern) => compilePattern(pattern)(names)),
    columns: relation.columns.map((column) => {
      const found = labels.all(relation.oid, column.attnum)
      const strictest = found[0]
      return {
        name: column.name,
        type: nameType(column.type, catalog),
        labels: found.map((label) => label.label),
        shownAs: strictest?.mask ?? 'itself',
        comparable: found.every((label) => label.mask === 'token' && label.predicates === true),
        comment: details?.columnComments.get(column.attnum) ?? null,
      }
    }),
    primaryKey: namesOf(relation, details?.primaryKey ?? []),
    foreignKeys: relation.foreignKeys.map((key) => {
      const target = catalog.relation(key.target)
      return {
        columns: namesOf(relation, key.columns),
        references: target?.label ?? '',
        referencedColumns: target === undefined ? [] : namesOf(target, key.targetColumns),
      }
    }),
  }
}

function namesOf(relation: Relation, attnums: readonly number[]): string[] {
  return attnums.flatMap((attnum) => relation.columns.find((column) => column.attnum === attnum)?.name ?? [])
}
