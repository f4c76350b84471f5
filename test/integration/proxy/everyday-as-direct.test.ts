import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYDAY } from '../../cases/everyday.ts'
import { describeMessage, type Message } from '../../helpers/decode.ts'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'
import { SHOP } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

/** The relations of `cases/shop.ts`, in a real database. */
const SCHEMA = `
  DROP SCHEMA public CASCADE; DROP SCHEMA billing CASCADE; CREATE SCHEMA public; CREATE SCHEMA billing; CREATE SCHEMA private;
  CREATE DOMAIN public.email AS text CHECK (value LIKE '%');
  CREATE TABLE public.customers (id int PRIMARY KEY, name text, city text, ssn text, card_number text, profile jsonb);
  CREATE TABLE public.employees (id int, full_name text, department text, salary numeric, diagnosis text, manager_id int);
  CREATE TABLE public.orders (id int PRIMARY KEY, customer_id int, status text, total numeric, placed_at timestamptz);
  CREATE TABLE billing.payments (id int, customer_id int, amount numeric, card text, paid_at date) PARTITION BY RANGE (paid_at);
  CREATE TABLE billing.payments_2024 PARTITION OF billing.payments FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE public.audit (id int, at timestamptz, actor text);
  CREATE VIEW public.v_staff AS SELECT id, full_name AS who, diagnosis AS remark FROM public.employees;
  CREATE VIEW public.v_keys AS SELECT id, reverse(card) AS key FROM billing.payments;
  CREATE VIEW public.v_cities AS SELECT city, count(*) AS n FROM public.customers GROUP BY city;
  INSERT INTO public.customers SELECT i, 'Name ' || i, 'City ' || i % 3, '1', '2', '{"plan":"a"}' FROM generate_series(1, 9) i;
  INSERT INTO public.employees SELECT i, 'Emp ' || i, 'D' || i % 2, i * 100, 'x', nullif(i / 2, 0) FROM generate_series(1, 9) i;
  INSERT INTO public.orders SELECT i, i % 4, 'paid', i * 1.5, '2026-01-01Z'::timestamptz + i * interval '1 day' FROM generate_series(1, 9) i;
  INSERT INTO billing.payments SELECT i, i, i, 'c', '2024-05-01' FROM generate_series(1, 9) i;
  INSERT INTO public.audit VALUES (1, '2026-01-01Z', 'a');
  CREATE MATERIALIZED VIEW public.mv_top AS SELECT department, max(salary) AS top FROM public.employees GROUP BY department;
  GRANT ALL ON SCHEMA public, billing, private TO ${SHOP.user}; GRANT ALL ON ALL TABLES IN SCHEMA public, billing TO ${SHOP.user};
  VACUUM ANALYZE`

/** Its rows differ from one session or moment to the next: everything but their values is compared. */
const MOVES =
  /now\(|pg_backend_pid|pg_stat_activity|EXPLAIN ANALYZE|SHOW ALL|pg_settings|pg_relation_size|TABLESAMPLE|pg_stats|random|clock_timestamp/
/** What is behind a name that is not there cannot be judged: refused in the server's words, but at Parse and not at Execute. */
const EARLIER = new Set(['FETCH 10 FROM c', 'MOVE 5 IN c', 'EXECUTE p(1)'])
const statements = [...new Set(EVERYDAY.map(({ sql }) => sql))]

describe('everyday statements, each message as the server sends it', () => {
  let fixture: GatewayFixture
  let through: Wire
  let direct: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: ALLOW_ALL })
    for (const statement of SCHEMA.split(';\n')) await fixture.postgres.query(statement, SHOP.database)
    direct = await fixture.direct({ parameters: { application_name: 'sallyport [Cursor agent]' } })
    through = await fixture.through()
  })
  afterAll(async () => fixture?.stop())

  const bothWays = async (sql: string, play: (wire: Wire) => Promise<Message[]>): Promise<void> => {
    const read = async (wire: Wire) => {
      const lines = (await play(wire)).map(describeMessage)
      await reset(wire)
      return MOVES.test(sql) ? lines.map((line) => line.replace(/^DataRow .*/, 'DataRow')) : lines
    }
    const expected = await read(direct)
    expect(await read(through)).toEqual(expected)
  }

  it.each(statements)('%s', async (sql) => {
    await bothWays(sql, (wire) => simple(wire, sql))
    if (!EARLIER.has(sql)) for (const format of [0, 1] as const) await bothWays(sql, (wire) => extended(wire, sql, format))
  })

  it('has tried them all', () => expect(statements.length).toBeGreaterThan(140))
})

const simple = (wire: Wire, sql: string): Promise<Message[]> => {
  wire.send(m.query(sql))
  return wire.until('Z')
}

/** As drivers do: described first, then bound with a NULL for each parameter, and read in two pieces. */
async function extended(wire: Wire, sql: string, format: 0 | 1): Promise<Message[]> {
  wire.send(m.parse(sql, 's'), m.describeStatement('s'), m.sync())
  const described = await wire.until('Z')
  const parameters = described.find(({ tag }) => tag === 't')?.body.readUInt16BE(0) ?? 0
  const values = Array.from({ length: parameters }, () => null)
  wire.send(m.bind(values, { statement: 's', portal: 'p', resultFormats: [format] }), m.describePortal('p'), m.execute('p', 2))
  wire.send(m.flush(), m.execute('p'), m.closePortal('p'), m.closeStatement('s'), m.sync())
  return [...described, ...(await wire.until('Z'))]
}

async function reset(wire: Wire): Promise<void> {
  for (const sql of ['ROLLBACK', 'DISCARD ALL']) await simple(wire, sql)
}
