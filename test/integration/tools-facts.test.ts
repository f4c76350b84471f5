import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { readCatalog } from '../../proxy/catalog/read.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { type Analyst, createAnalyst } from '../../proxy/statement/analyst.ts'
import { decide } from '../../proxy/verdict/decide.ts'
import { readToolStatements, type ToolStatement } from '../cases/tools/read-statements.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { policyOf, USUAL } from '../verdict/policy-fixture.ts'

const OIDS = `
  SELECT 'class:' || n.nspname || '.' || c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'proc:' || proname, oid FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'type:' || format_type(oid, NULL), oid FROM pg_type WHERE oid >= 16384
  UNION ALL SELECT 'ext:' || extname, oid FROM pg_extension
  UNION ALL SELECT 'stat:' || stxname, oid FROM pg_statistic_ext
  UNION ALL SELECT 'rule:' || rulename, oid FROM pg_rewrite
  UNION ALL SELECT 'schema:' || nspname, oid FROM pg_namespace
  UNION ALL SELECT 'con:' || conname, oid FROM pg_constraint
  UNION ALL SELECT 'pub:' || pubname, oid FROM pg_publication`

const VERSIONS = [
  { version: 18, programs: undefined },
  { version: 15, programs: '/usr/lib/postgresql/15/bin' },
] as const
const statements = readToolStatements()
const tools = [...new Set(statements.map((one) => one.tool))]
const fits = (one: ToolStatement, version: number) => one.from <= version && version <= one.until

it.each(
  statements.filter((one) => !VERSIONS.some(({ version }) => fits(one, version))).map((one) => [`${one.tool}: ${one.name}`] as const),
)('%s is tried nowhere', (name) => expect(name).toBe('for a version that is tried'))

describe.each(VERSIONS)('what tools send to PostgreSQL $version', ({ version, programs }) => {
  if (programs !== undefined && !existsSync(programs)) {
    it.skip(`needs ${programs}`)
    return
  }
  let postgres: Postgres
  let analyst: Analyst
  let catalog: Catalog
  const oids = new Map<string, string>()
  const policy = policyOf(USUAL)
  const asText = { getTypeParser: () => (value: string) => value }
  const connect = async () => {
    const client = new pg.Client({ connectionString: postgres.url(), types: asText })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }

  beforeAll(async () => {
    postgres = await startPostgres(programs === undefined ? {} : { programs })
    const client = await connect()
    await client.query(readFileSync(join(import.meta.dirname, '../cases/tools/schema.sql'), 'utf8'))
    await client.query("SET search_path = ''")
    for (const [name, oid] of (await client.query<[string, string]>({ text: OIDS, rowMode: 'array' })).rows) {
      oids.set(name.replaceAll('"', ''), oid)
    }
    await client.query('RESET search_path')
    catalog = await readCatalog(async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows)
    await client.end()
    analyst = await createAnalyst({ parseLimitMs: 5000 })
  }, 60_000)
  afterAll(async () => {
    await analyst?.close()
    await postgres?.stop()
  })

  const fill = (text: string) =>
    text.replace(/\{\{(\w+:[^}]+)\}\}/g, (_, name: string) => oids.get(name) ?? expect.fail(`the schema has no ${name}`))

  /** What speaks against it, in a line; undefined where all is as it should be. */
  async function judge(one: ToolStatement): Promise<string | undefined> {
    const analysis = await analyst.analyse(Buffer.from(fill(one.sql)), catalog)
    if (analysis instanceof GatewayError) return `not read: ${analysis.message}`
    const verdict = decide(analysis.statements, policy, catalog, { groups: ['agents'] }, new Date(2026, 10, 24))
    const found = analysis.statements.flatMap((facts) => facts.unknown.map((unknown) => unknown.what))
    const verbs = analysis.statements.flatMap((facts) => facts.verbs).filter((verb) => !['read', 'session', 'transaction'].includes(verb))
    const why = verdict.because.map((reason) => reason.what).join('; ')
    if (verdict.effect !== one.expect)
      return `${verdict.effect} instead of ${one.expect}: ${why}${found.map((what) => ` [${what}]`).join('')}`
    if (one.expect !== 'allow') return undefined
    return found.length + verbs.length === 0 ? undefined : `unknown: ${found.join(', ')}; verbs: ${verbs.join(' ')}`
  }

  describe.each(tools)('%s', (tool) => {
    const mine = statements.filter((one) => one.tool === tool && fits(one, version))

    it(`is judged as what it is (${mine.length} statements)`, async () => {
      const wrong: string[] = []
      for (const one of mine) {
        const fault = await judge(one)
        if (fault !== undefined) wrong.push(`${one.name}: ${fault}`)
      }
      expect(wrong).toEqual([])
    })

    it('runs', async () => {
      const client = await connect()
      const failed: string[] = []
      for (const one of mine) {
        const values = one.values.map((value) => (value === null ? null : fill(value)))
        try {
          await (values.length > 0 ? client.query({ text: fill(one.sql), values }) : client.query(fill(one.sql)))
        } catch (error) {
          failed.push(`${one.name}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      await client.end()
      expect(failed).toEqual([])
    })
  })
})
