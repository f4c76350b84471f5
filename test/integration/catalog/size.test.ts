import { existsSync } from 'node:fs'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { catalogFingerprint, readCatalog } from '../../../proxy/catalog/read.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'

const OTHER = '/usr/lib/postgresql/15/bin'
const TABLES = 5000

const servers: Postgres[] = []
afterAll(async () => {
  for (const server of servers) await server.stop()
})

async function connect(server: Postgres) {
  servers.push(server)
  const client = new pg.Client({ connectionString: server.url(), types: { getTypeParser: () => (value: string) => value } })
  await client.connect()
  return { client, query: async (sql: string) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows }
}

const EVERYTHING = `
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; END;
CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int);
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE a (id int DEFAULT f(1), CHECK (f(id) > 0)); ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a USING (f(id) > 0);
CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION t();
CREATE FUNCTION im(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE INDEX i ON a (im(id));
`

describe.each([
  ['18', undefined],
  ['15', OTHER],
] as const)('on PostgreSQL %s', (version, programs) => {
  it.skipIf(programs !== undefined && !existsSync(programs))('everything that a table runs is found', async () => {
    const { client, query } = await connect(await startPostgres(programs === undefined ? {} : { programs }))
    await client.query(EVERYTHING)
    const catalog = await readCatalog(query)
    expect(Math.floor(catalog.serverVersion / 10_000)).toBe(Number(version))
    expect(
      catalog
        .relationsNamed('a')[0]
        ?.attached.map((one) => one.kind)
        .sort(),
    ).toEqual(['check', 'default', 'index', 'policy', 'trigger'])
    expect(catalog.functionsNamed('f')[0]?.code?.sqlBody).toContain('BEGIN ATOMIC')
    expect(catalog.functionsNamed('total')[0]?.support?.length).toBeGreaterThan(0)
    await client.end()
  })
})

describe(`a database of ${TABLES} tables`, () => {
  it('is read in seconds, takes a bounded memory, and its fingerprint is cheap', async () => {
    const { client, query } = await connect(await startPostgres({ settings: { max_locks_per_transaction: '8192' } }))
    await client.query(`DO $$ BEGIN FOR i IN 1..${TABLES} LOOP
      EXECUTE format('CREATE TABLE t_%s (id int, c1 text, c2 text, c3 numeric, c4 timestamptz, c5 jsonb, c6 int, c7 int, c8 text, c9 bool, c10 date, c11 uuid)', i);
    END LOOP; END $$`)
    await readCatalog(query)
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    const start = performance.now()
    const catalog = await readCatalog(query)
    const took = performance.now() - start
    globalThis.gc?.()
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6
    const again = performance.now()
    await catalogFingerprint(query)
    const print = performance.now() - again
    process.stdout.write(
      `catalog of ${TABLES} tables: ${took.toFixed(0)} ms, ${megabytes.toFixed(1)} MB; fingerprint ${print.toFixed(0)} ms\n`,
    )
    expect([...catalog.relations()].length).toBeGreaterThan(TABLES)
    expect(took).toBeLessThan(5000)
    expect(megabytes).toBeLessThan(50)
    expect(print).toBeLessThan(1500)
    await client.end()
  }, 120_000)
})
