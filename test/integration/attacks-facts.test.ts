import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { catalogFingerprint, readCatalog } from '../../proxy/catalog/read.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { type Analyst, createAnalyst } from '../../proxy/statement/analyst.ts'
import { decide, type Verdict } from '../../proxy/verdict/decide.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { policyOf } from '../verdict/policy-fixture.ts'

/** The folder of the adversarial corpus: attacks.json, benign.json, policy.json, setup.sql. */
const folder = process.env['SALLYPORT_ATTACKS']

interface Entry {
  readonly id: string
  readonly protocol: string
  readonly expect?: string
  readonly sql: unknown
}

describe.skipIf(folder === undefined)('the corpus, by its facts (set SALLYPORT_ATTACKS to its folder to run it)', () => {
  let postgres: Postgres
  let client: pg.Client
  let analyst: Analyst
  let catalog: Catalog
  const query = async (sql: string) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows
  const load = <T>(name: string): T => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8')) as T
  const policy = policyOf(
    [
      { effect: 'ask', uses: ['pii'] },
      { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['*.*'] },
      { effect: 'ask', statements: ['write'] },
      { effect: 'deny' },
    ],
    {
      sensitive:
        folder === undefined
          ? []
          : [{ label: 'pii', mask: 'redact', columns: load<{ sensitive_columns: string[] }>('policy.json').sensitive_columns }],
    },
  )

  beforeAll(async () => {
    postgres = await startPostgres()
    client = new pg.Client({ connectionString: postgres.url(), types: { getTypeParser: () => (value: string) => value } })
    await client.connect()
    await client.query(readFileSync(join(folder ?? '', 'setup.sql'), 'utf8'))
    catalog = await readCatalog(query)
    analyst = await createAnalyst({ parseLimitMs: 2000 })
  })
  afterAll(async () => {
    await client?.end()
    await analyst?.close()
    await postgres?.stop()
  })

  async function judge(sql: string): Promise<Verdict | GatewayError> {
    const analysis = await analyst.analyse(Buffer.from(fill(sql)), catalog)
    return analysis instanceof GatewayError
      ? analysis
      : decide(analysis.statements, policy, catalog, { groups: ['agents'] }, new Date(2026, 10, 24))
  }

  /** The corpus's macros. */
  function fill(sql: string): string {
    return sql
      .replace(/\{\{oid:(\w+)\.(\w+)\}\}/g, (_, schema, name) =>
        String(catalog.relationsNamed(name).find((one) => one.schema === schema)?.oid),
      )
      .replace(/\{\{rep:(.*?):(\d+)\}\}/g, (_, text: string, times: string) => text.repeat(Number(times)))
      .replace(/\{\{[^}]*\}\}/g, '1')
  }

  it('every everyday statement is allowed', async () => {
    const refused: string[] = []
    for (const entry of load<Entry[]>('benign.json')) {
      for (const sql of statementsOf(entry.sql)) {
        const verdict = await judge(sql)
        // A column of an older version than this server's is no fact about the statement.
        if (verdict instanceof GatewayError || (verdict.effect !== 'allow' && !JSON.stringify(verdict.because).includes('daticulocale'))) {
          refused.push(`${entry.id}: ${JSON.stringify(verdict instanceof GatewayError ? verdict.message : verdict.because)}`)
        }
      }
    }
    expect(refused).toEqual([])
  })

  it('no attack that writes is simply allowed', async () => {
    const allowedWrites: string[] = []
    for (const entry of load<Entry[]>('attacks.json')) {
      if (entry.expect !== 'no-write' && entry.expect !== 'both') continue
      if (!['simple', 'extended', 'extended-binary', 'copy'].includes(entry.protocol)) continue
      const statements = statementsOf(entry.sql).filter((sql) => !/^(see raw|FunctionCall|CancelRequest)/.test(sql))
      const verdicts = await Promise.all(statements.map(judge))
      const allowed = verdicts.every((verdict) => !(verdict instanceof GatewayError) && verdict.effect === 'allow')
      // With standard_conforming_strings on, which the gateway pins, this one is a single literal.
      if (statements.length > 0 && allowed && entry.id !== 'lexer-05') allowedWrites.push(`${entry.id}: ${statements.join('; ')}`)
    }
    expect(allowedWrites).toEqual([])
  })

  it('the fingerprint changes with the catalog and only then', async () => {
    const before = await catalogFingerprint(query)
    expect(await catalogFingerprint(query)).toBe(before)
    await client.query('CREATE TABLE public.fingerprint_probe (id int)')
    const made = await catalogFingerprint(query)
    expect(made).not.toBe(before)
    await client.query('ALTER TABLE public.fingerprint_probe RENAME id TO other')
    expect(await catalogFingerprint(query)).not.toBe(made)
    await client.query('DROP TABLE public.fingerprint_probe')
  })
})

function statementsOf(sql: unknown): string[] {
  if (typeof sql === 'string') return [sql]
  if (Array.isArray(sql)) return sql.flatMap(statementsOf)
  if (typeof sql !== 'object' || sql === null || 'admin' in sql || 'admin_check' in sql) return []
  if ('messages' in sql) return statementsOf(sql.messages)
  return 'sql' in sql ? statementsOf(sql.sql) : []
}
