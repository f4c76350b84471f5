/** What writes, found by the server's own traces, is never read as a plain read; and PostgreSQL's functions that we call harmless leave none. */
import { loadModule } from 'libpg-query'
import pg from 'pg'
import { type RunQuery, readCatalog } from '../../proxy/catalog/read.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { classifySystem } from '../../proxy/statement/functions/classify.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { installedPrograms } from './debian.ts'
import { type PeerSuite, percent } from './suite.ts'
import { WRITES, WRITES_SETUP } from './write-corpus.ts'

interface Result {
  readonly version: string
  ran: number
  readonly failed: string[]
  wrote: number
  readonly misread: string[]
  called: number
  harmless: number
  readonly traces: string[]
}

export const suite: PeerSuite = {
  name: 'writes',
  title: 'Writes, by the traces that they leave',
  run: async (report) => {
    await loadModule()
    const programs = installedPrograms()
    const results: Result[] = []
    for (const one of [{}, ...(programs === undefined ? [] : [{ programs }])]) {
      const postgres = await startPostgres({ ...one, settings: { wal_level: 'logical', track_functions: 'all' } })
      try {
        results.push(await runWrites(postgres))
      } finally {
        await postgres.stop()
      }
    }
    report.text(
      'Each statement runs as superuser in a transaction that is rolled back; whether it wrote is told by the server: a transaction id was assigned, a lock stronger than ACCESS SHARE or an advisory one is held or the counters of changed rows moved. Then each of PostgreSQL’s own functions that we class as harmless is called with simple arguments (nulls and small values) and must leave no such trace.',
    )
    report.table(
      [
        'server',
        'statements that ran',
        'of them wrote',
        'read as a plain read',
        'functions classed harmless',
        'of them called',
        'left a trace',
      ],
      results.map((one) => [
        `PostgreSQL ${one.version}`,
        one.ran,
        one.wrote,
        one.misread.length,
        one.harmless,
        `${one.called} (${percent(one.called, one.harmless)})`,
        one.traces.length,
      ]),
    )
    for (const one of results) {
      for (const sql of one.misread) report.fault(`PostgreSQL ${one.version}: wrote, and is read as a plain read: \`${sql}\``)
      for (const what of one.traces) report.fault(`PostgreSQL ${one.version}: classed harmless: ${what}`)
      if (process.env['PEERS_DETAILS'] !== undefined) for (const what of one.failed) report.say(`failed: ${what}`)
    }
  },
}

/** Empty when nothing was written or locked. Asked inside the transaction. */
const TRACES = `SELECT concat_ws(', ',
  CASE WHEN pg_current_xact_id_if_assigned() IS NOT NULL THEN 'a transaction id' END,
  (SELECT string_agg(DISTINCT locktype || ' ' || mode, '; ') FROM pg_locks
   WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid' AND NOT (locktype = 'relation' AND mode = 'AccessShareLock')))`

/** What this session changed and has not told the statistics yet. */
const CHANGED = 'SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_all_tables'

/** Leave a trace, and are harmless all the same: a transaction's own number; a lock that sequences are opened with, which only DDL waits for. */
const KNOWN = new Set(['pg_current_xact_id', 'txid_current', 'lastval', 'currval', 'pg_sequence_last_value'])

async function runWrites(postgres: Postgres): Promise<Result> {
  const client = new pg.Client({
    connectionString: postgres.url(),
    options: '-c statement_timeout=3000 -c client_min_messages=error',
    types: { getTypeParser: () => (value: string) => value },
  })
  client.on('error', () => undefined)
  await client.connect()
  const query: RunQuery = async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows
  try {
    await client.query(WRITES_SETUP)
    const catalog = await readCatalog(query)
    const [[version] = []] = await query('SHOW server_version')
    const result: Result = { version: version ?? '', ran: 0, failed: [], wrote: 0, misread: [], called: 0, harmless: 0, traces: [] }
    const tracesOf = async (sql: string): Promise<string | undefined> => {
      await client.query('BEGIN')
      try {
        const [[before] = []] = await query(CHANGED)
        await client.query(sql)
        const [[after] = []] = await query(CHANGED)
        const [[found] = []] = await query(TRACES)
        return [found ?? '', before === after ? '' : 'rows changed'].filter((one) => one !== '').join(', ')
      } catch (error) {
        result.failed.push(`${sql}: ${error instanceof Error ? error.message : String(error)}`)
        return undefined
      } finally {
        await client.query('ROLLBACK')
        await client.query('SELECT pg_advisory_unlock_all()')
      }
    }
    for (const sql of WRITES) {
      const traces = await tracesOf(sql)
      if (traces === undefined) continue
      result.ran += 1
      if (traces === '') continue
      result.wrote += 1
      const parsed = parseHere(sql)
      const analysis = 'refused' in parsed ? parsed.refused : analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
      if (!(analysis instanceof GatewayError) && analysis.statements.every((one) => one.verbs.every((verb) => verb === 'read')))
        result.misread.push(`${sql} (${traces})`)
    }
    for (const call of await callsOf(query)) {
      result.harmless += 1
      const traces = await tracesOf(call)
      if (traces === undefined) continue
      result.called += 1
      if (traces !== '') result.traces.push(`\`${call}\` (${traces})`)
    }
    return result
  } finally {
    await client.end()
  }
}

/** Simple values, by the argument's type; what is not here is NULL. */
const SAMPLES: Readonly<Record<string, string>> = {
  integer: '1',
  bigint: '1',
  smallint: "'1'::smallint",
  text: "'a'",
  name: "'pg_class'",
  boolean: 'true',
  numeric: '1.5',
  'double precision': '1.5',
  real: "'1.5'::real",
  oid: "'1259'::oid",
  regclass: "'written'::regclass",
  'timestamp with time zone': 'now()',
  'timestamp without time zone': 'localtimestamp',
  date: 'current_date',
  interval: "interval '1 second'",
  jsonb: `'{"a": 1}'::jsonb`,
  json: `'{"a": 1}'::json`,
  bytea: "'a'::bytea",
  'text[]': "ARRAY['a']",
  anyarray: 'ARRAY[1]',
  anyelement: '1',
  anycompatible: '1',
  anycompatiblearray: 'ARRAY[1]',
}

/** Two calls of each function that we class as harmless: with sample values, and with nulls. Assigning a transaction id is some functions' purpose. */
async function callsOf(query: RunQuery): Promise<string[]> {
  const rows = await query(`
    SELECT p.proname, pg_catalog.array_to_json(ARRAY(SELECT pg_catalog.format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS a(t, n) ORDER BY n))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'pg_catalog' AND p.prokind = 'f' AND p.oid < 16384 AND p.provariadic = 0
      AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) t WHERE t IN ('internal'::regtype, 'cstring'::regtype))
      AND p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
    ORDER BY p.oid`)
  const calls = new Set<string>()
  for (const [name, json] of rows) {
    if (name === null || name === undefined || classifySystem(name) !== 'harmless' || KNOWN.has(name)) continue
    const types = JSON.parse(json ?? '[]') as string[]
    const call = (args: string[]) => `SELECT pg_catalog."${name}"(${args.join(', ')})`
    calls.add(call(types.map((type) => SAMPLES[type] ?? `NULL::${type.startsWith('any') ? 'integer' : type}`)))
    if (types.length > 0)
      calls.add(call(types.map((type) => `NULL::${type.includes('array') ? 'integer[]' : type.startsWith('any') ? 'integer' : type}`)))
  }
  return [...calls]
}
