import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryOutput, Refusal } from '../../../main/contract/mcp.ts'
import { type McpFixture, startMcp } from '../../helpers/mcp-fixture.ts'

const RULES = [
  { effect: 'deny', tables: ['billing.*'], message: 'Billing is not for agents.' },
  { effect: 'deny', uses: ['pii'] },
  { effect: 'deny', without: 'where' },
  { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'] },
  { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['public.*', 'pg_catalog.*', 'information_schema.*'] },
  { effect: 'deny', statements: ['write'], tables: ['public.customers'] },
  { effect: 'ask', statements: ['write'], tables: ['public.counters'], approvers: ['dba'], wait: '400ms', maxRows: 3 },
  { effect: 'allow', statements: ['write'], tables: ['public.imported'] },
]

type Rewrite = (sql: string, match: RegExpExecArray, refusal: Pick<Refusal, 'position' | 'message'>) => string

/**
 * An agent that knows no more than the hint. Each line is what a model would make of such words: what to match, and how to say it then.
 */
const AGENT: readonly (readonly [RegExp, Rewrite])[] = [
  [/Leave (\S+) out of WHERE/, () => 'SELECT id, name FROM customers WHERE id = 1'],
  [
    /Name the columns you need instead of the whole row of (\S+)\.(?: |$)/,
    (sql, [, table]) => sql.replace(/SELECT c FROM \S+ c/, `SELECT id, name FROM ${table}`),
  ],
  [/Add a WHERE clause that names the rows/, (sql) => `${sql} WHERE id = 1`],
  [/Leave (\S+) out, or ask for a rule/, (sql, [, table]) => sql.replace(new RegExp(`, ${table}\\b.*`), '')],
  [/Write the change as a migration .* go on without it/, () => 'SELECT 1 AS going_on'],
  [/Ask an administrator to change roles/, () => 'SELECT 1 AS going_on'],
  [/Leave the setting as it is/, (sql) => sql.replace(/^SET[^;]*; /, '')],
  [/Leave the setting out/, (sql) => sql.replace(/^SET[^;]*; /, '')],
  [/Leave that function out/, (sql) => sql.replace(/, pg_\w+\([^)]*\)/, '')],
  [/Use COPY … TO STDOUT or a SELECT/, () => 'SELECT id FROM customers'],
  [/Use one of PostgreSQL's own functions instead/, (sql) => sql.replace('bump(1)', 'abs(1)')],
  [/Look the name up in information_schema/, (sql) => sql.replace(/custmers|nme/, (wrong) => (wrong === 'nme' ? 'name' : 'customers'))],
  [/Call describe to see the names/, (sql) => sql.replace('nme', 'name')],
  [/Leave out the part that changes something/, (sql) => sql.replace(' FOR UPDATE', '')],
  [/Read with SELECT instead/, () => 'SELECT note FROM customers WHERE id = 1'],
  [/one by one instead of a DO block|EXECUTE a constant text|send that statement by itself/, () => 'SELECT 1 AS by_itself'],
  [/Correct the statement at that position/, (sql, _match, { position }) => `SELECT${sql.slice((position ?? 1) - 1 + 'SELEC'.length)}`],
  [/Ask for less: name the columns .* LIMIT/, (sql) => `${sql} LIMIT 5`],
  [/Ask for less: add a WHERE or a LIMIT/, () => 'SELECT count(*) FROM generate_series(1, 10) n'],
  [/Narrow it to at most (\d+) rows/, (sql, [, rows]) => sql.replace(/id <= \d+/, `id <= ${rows}`)],
  [/Read with SELECT, and follow the cursor/, () => 'SELECT id FROM customers'],
  [/Put BEGIN, the statements and COMMIT into one call/, (sql) => `${sql}; COMMIT`],
  [/Send it in smaller statements|smaller parts/, () => 'SELECT 1 AS short'],
  [/Send the same statement again once it is approved/, (sql) => sql],
  [/Do what the message says instead/, () => 'UPDATE counters SET n = 0 WHERE id = 60'],
]

/** What the hint leads to. Fails where the words lead nowhere. */
function rewrite(sql: string, refusal: Pick<Refusal, 'hint' | 'position' | 'message'>): string {
  for (const [words, then] of AGENT) {
    const match = words.exec(refusal.hint ?? '')
    if (match !== null) return then(sql, match, refusal)
  }
  throw new Error(`an agent can do nothing with the hint "${refusal.hint}" of "${refusal.message}"`)
}

interface Case {
  readonly what: string
  readonly sql: string
  readonly kind: Refusal['kind']
  /** The part that the position points at. */
  readonly part?: string
  /** What a person has to do for the second try. */
  readonly person?: 'approve'
}

const CASES: readonly Case[] = [
  {
    what: 'a table that a rule denies',
    sql: 'SELECT c.id FROM customers c, billing.payments p WHERE p.id = c.id',
    kind: 'rule',
    part: 'billing.payments',
  },
  { what: 'a sensitive column in a predicate', sql: "SELECT id, name FROM customers WHERE ssn = '987-65-0001'", kind: 'rule', part: 'ssn' },
  { what: 'a whole row', sql: 'SELECT c FROM public.customers c', kind: 'rule' },
  { what: 'a write without WHERE', sql: "UPDATE imported SET body = 'x'", kind: 'rule', part: 'UPDATE' },
  { what: 'a schema change', sql: 'DROP TABLE counters', kind: 'rule', part: 'DROP' },
  { what: 'a privilege', sql: 'GRANT SELECT ON counters TO public', kind: 'rule', part: 'GRANT' },
  { what: 'a setting', sql: "SET session_replication_role = 'replica'; SELECT 1 AS one", kind: 'rule' },
  { what: 'a setting that changes how text is read', sql: 'SET standard_conforming_strings = off; SELECT 1 AS one', kind: 'rule' },
  { what: 'a function of the server', sql: "SELECT 1 AS one, pg_read_file('/etc/passwd')", kind: 'rule', part: 'pg_read_file' },
  { what: 'a file of the server', sql: "COPY customers (id) TO '/tmp/out'", kind: 'rule' },
  { what: 'a function of the team’s', sql: 'SELECT bump(1)', kind: 'rule', part: 'bump' },
  { what: 'a table that is not there', sql: 'SELECT id FROM custmers', kind: 'missing-name', part: 'custmers' },
  { what: 'a column that is not there', sql: 'SELECT nme FROM customers', kind: 'missing-name', part: 'nme' },
  { what: 'a lock', sql: 'SELECT id FROM customers WHERE id = 1 FOR UPDATE', kind: 'rule' },
  { what: 'a write that a rule denies', sql: "UPDATE customers SET note = '' WHERE id = 1", kind: 'rule' },
  { what: 'code made at run time', sql: `DO $$ BEGIN EXECUTE 'SEL' || 'ECT 1'; END $$`, kind: 'rule' },
  { what: 'a slip of the pen', sql: 'SELEC 1 AS one', kind: 'syntax', part: 'SELEC' },
  { what: 'too many rows', sql: 'SELECT a.id FROM customers a, customers b, customers c', kind: 'limit' },
  { what: 'too long a run', sql: 'SELECT count(*) FROM generate_series(1, 1000000000) n', kind: 'limit' },
  { what: 'too many rows of a change', sql: 'UPDATE counters SET n = 1 WHERE id <= 10', kind: 'limit', person: 'approve' },
  { what: 'COPY', sql: 'COPY customers (id) TO STDOUT', kind: 'unsupported' },
  { what: 'an open transaction', sql: 'BEGIN; SELECT 1', kind: 'unsupported' },
  { what: 'too long a text', sql: `SELECT '${'x'.repeat(1_100_000)}'`, kind: 'limit' },
  { what: 'nobody who decides', sql: 'UPDATE counters SET n = 2 WHERE id = 50', kind: 'not-approved', person: 'approve' },
]

describe('a refusal that an agent reads', () => {
  let fixture: McpFixture
  beforeAll(async () => {
    fixture = await startMcp({
      policies: [{ name: 'agents', groups: ['ai-agents'], connections: ['shop'], rules: RULES }],
      limits: { rows: 3000, statementTimeout: '700ms' },
      extra: { mcp: { hold: '5s' } },
    })
  })
  afterAll(() => fixture.stop())

  describe.each(CASES)('$what', ({ sql, kind, part, person }) => {
    it('leads to success at the second try, over MCP', async () => {
      const mcp = await fixture.connect()
      const first = person === 'approve' && kind === 'limit' ? await approved(fixture, mcp.query({ sql })) : await mcp.query({ sql })
      expect(first, JSON.stringify(first)).toMatchObject({ status: 'refused', refusal: { kind } })
      const { refusal } = first
      if (refusal === null) throw new Error('not refused')
      if (part !== undefined) expect(sql.slice((refusal.position ?? 0) - 1)).toMatch(new RegExp(`^"?${part}`))
      const again = rewrite(sql, refusal)
      const second = mcp.query({ sql: again })
      const answer = person === 'approve' ? await approved(fixture, second) : await second
      expect(answer, `${again}: ${JSON.stringify(answer.refusal)}`).toMatchObject({ status: 'done' })
    })
  })

  it('says the same on the wire, word for word', async () => {
    const mcp = await fixture.connect()
    const wire = await fixture.host.through(await fixture.issuer.mint())
    for (const { sql, kind, person } of CASES) {
      if (person !== undefined || kind === 'unsupported' || kind === 'limit') continue
      const { refusal } = await mcp.query({ sql })
      const told = (await wire.query(sql)).errors[0]
      if (told === undefined) throw new Error(`not refused on the wire: ${sql}`)
      expect({ message: refusal?.message, sqlstate: refusal?.sqlstate, position: refusal?.position ?? undefined }, sql).toEqual({
        message: told['M'],
        sqlstate: told['C'],
        position: told['P'] !== undefined ? Number(told['P']) : undefined,
      })
      if (told['H'] !== undefined) expect(refusal?.hint).toBe(told['H'])
    }
    wire.destroy()
  })

  it('says what a person said, and that asking again is no use', async () => {
    const mcp = await fixture.connect()
    const asked = mcp.query({ sql: 'UPDATE counters SET n = 9 WHERE id = 60' })
    await fixture.decide('deny', 'Set it to 0 instead.')
    const { refusal } = await asked
    expect(refusal).toMatchObject({
      kind: 'person',
      message: 'Set it to 0 instead.',
      hint: expect.stringContaining('Do not send the same statement again'),
    })
    const second = mcp.query({ sql: rewrite('', refusal as Refusal) })
    expect(await approved(fixture, second)).toMatchObject({ status: 'done' })
  })
})

async function approved(fixture: McpFixture, asked: Promise<QueryOutput>): Promise<QueryOutput> {
  await fixture.decide('approve')
  return asked
}
