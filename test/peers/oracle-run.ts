/** Generated SELECTs on the demo's schema: the facts beside what the server's own analysis says. */
import { loadModule } from 'libpg-query'
import pg from 'pg'
import { AFTER_SQL, partitionsSql, TABLES_SQL } from '../../build/demo/shop/schema.ts'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { type RunQuery, readCatalog } from '../../proxy/catalog/read.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import type { Postgres } from '../helpers/postgres.ts'
import { compareColumns } from './compare-columns.ts'
import { openDescriber } from './described.ts'
import type { Kind } from './generate-expression.ts'
import { createSelects, type Table } from './generate-select.ts'

export interface OracleResult {
  readonly version: string
  readonly seed: number
  generated: number
  /** Texts of the server's refusals, and how often. */
  readonly refused: Map<string, number>
  compared: number
  readonly missed: { sql: string; what: readonly string[] }[]
  readonly over: { sql: string; what: readonly string[] }[]
  /** What the facts could not tell, though the server took the statement. */
  readonly unknown: { sql: string; what: readonly string[] }[]
}

/** Things that the demo's schema lacks: a column of a table's row type, a view on views, an inheriting table, a quoted name. */
const MORE_SQL = `
CREATE TYPE public.place AS (street text, zip text);
CREATE TABLE public.visits (id integer, spot public.place, who public.addresses, "Notes" text, tags text[]);
CREATE TABLE public.late_visits (reason text) INHERITS (public.visits);
CREATE VIEW public.big_spenders AS SELECT customer AS name, spent, country AS "Where" FROM public.best_customers WHERE orders > 3;
CREATE VIEW public.all_people AS
  SELECT id, name, email FROM public.customers UNION ALL SELECT id, name, email FROM support.staff;
CREATE VIEW public.latest AS SELECT DISTINCT ON (customer_id) customer_id, id, note, placed_at FROM public.orders ORDER BY customer_id, placed_at DESC;`

export async function runOracle(postgres: Postgres, count: number, seed: number): Promise<OracleResult> {
  await loadModule()
  await postgres.query('CREATE DATABASE oracle')
  const client = new pg.Client({ connectionString: postgres.url('oracle'), types: { getTypeParser: () => (value: string) => value } })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(TABLES_SQL + partitionsSql(new Date(Date.UTC(2026, 0, 1)), new Date(Date.UTC(2026, 1, 1))) + AFTER_SQL + MORE_SQL)
    const query: RunQuery = async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows
    const catalog = await readCatalog(query)
    const [[version = ''] = []] = await query('SHOW server_version')
    const result: OracleResult = {
      version: version ?? '',
      seed,
      generated: 0,
      refused: new Map(),
      compared: 0,
      missed: [],
      over: [],
      unknown: [],
    }
    const next = createSelects(tablesOf(catalog), seed, Math.floor(catalog.serverVersion / 10_000))
    const describe = await openDescriber(client)
    while (result.compared < count && result.generated < count * 3) {
      const sql = next()
      result.generated += 1
      const described = await describe(sql)
      if (described.error !== undefined) {
        const kind = described.error.replace(/"[^"]*"|\d+/g, '…')
        result.refused.set(kind, (result.refused.get(kind) ?? 0) + 1)
        continue
      }
      result.compared += 1
      const parsed = parseHere(sql)
      const analysis = 'refused' in parsed ? parsed.refused : analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
      const facts = analysis instanceof GatewayError ? undefined : analysis.statements[0]
      if (facts === undefined) {
        result.unknown.push({ sql, what: [analysis instanceof GatewayError ? analysis.message : 'no statement'] })
        continue
      }
      if (facts.unknown.length > 0) result.unknown.push({ sql, what: facts.unknown.map((one) => one.what) })
      const { missed, over } = compareColumns(facts, described, catalog)
      if (missed.length > 0) result.missed.push({ sql, what: missed })
      if (over.length > 0) result.over.push({ sql, what: over })
    }
    return result
  } finally {
    await client.end()
  }
}

const KINDS: Readonly<Record<string, Kind>> = {
  int4: 'int',
  int2: 'int',
  int8: 'int',
  numeric: 'num',
  text: 'text',
  timestamptz: 'ts',
  date: 'date',
  bool: 'bool',
  jsonb: 'json',
  _text: 'texts',
}

/** What can be named, public's relations also without their schema. */
function tablesOf(catalog: Catalog): Table[] {
  const own = [...catalog.relations()].filter(
    (one) => !one.system && ['r', 'p', 'v', 'm'].includes(one.kind) && !/page_views_/.test(one.name),
  )
  return own.flatMap((relation) => {
    const columns = relation.columns.map((one) => ({
      name: one.name,
      kind: KINDS[catalog.type(one.type)?.name ?? ''] ?? ('other' as const),
    }))
    const table = { columns, table: relation.kind === 'r' || relation.kind === 'p' }
    return [{ ...table, name: relation.label }, ...(relation.schema === 'public' ? [{ ...table, name: relation.name }] : [])]
  })
}
