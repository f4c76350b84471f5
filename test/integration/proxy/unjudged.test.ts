import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { SHOP } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const ALLOWED = [
  'SELECT id FROM public.counters WHERE id = 1',
  'BEGIN',
  'COMMIT',
  'SELECT name FROM public.customers LIMIT 1',
  'SET TimeZone = UTC',
  'SHOW TimeZone',
]
const DENIED = [
  'DROP TABLE public.orders',
  'CREATE ROLE evil SUPERUSER',
  "SELECT pg_read_file('/etc/passwd')",
  'SELECT public.bump(1)',
  'SELECT 1; DROP TABLE public.orders',
  "COPY public.counters TO PROGRAM 'sh'",
  'SELECT * FROM nowhere.nothing',
  'SELEC 1',
]
const ASKED = 'UPDATE public.counters SET n = n + 1 WHERE id = 99'

/** The measure is the server's own log of everything it was ever given to parse, bind or run. */
describe('nothing reaches the server unjudged', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES, postgres: { logStatements: true } })
  })
  afterAll(async () => fixture?.stop())

  const seen = () => fixture.postgres.statements().filter(({ application }) => application.startsWith('probe'))
  const texts = () => [...new Set(seen().map(({ sql }) => sql))]
  const probe = () => fixture.through({ parameters: { application_name: 'probe' } })

  it('what was allowed arrives, byte for byte, and what was denied never does', async () => {
    const wire = await probe()
    for (const sql of [...ALLOWED, ...DENIED]) {
      await wire.query(sql)
      await wire.extended(sql)
    }
    for (const sql of DENIED) {
      wire.send(m.parse(sql, 'named'), m.sync())
      await wire.answer()
      wire.send(m.bind([], { statement: 'named' }), m.execute(), m.sync())
      await wire.answer()
    }
    await wire.end()
    await expect.poll(() => ALLOWED.every((sql) => texts().includes(sql))).toBe(true)
    expect(texts().filter((sql) => !ALLOWED.includes(sql))).toEqual([])
  })

  it('what a person must decide on is at most prepared before that', async () => {
    const wire = await probe()
    const running = wire.extended(ASKED)
    const asked = await fixture.approvals.next()
    const ran = () => seen().filter(({ sql, step }) => sql === ASKED && step !== 'parse')
    expect(ran()).toEqual([])
    asked.deny('no')
    await running
    await wire.end()
    expect(ran()).toEqual([])
  })

  it('every statement that ran was recorded and committed before', async () => {
    const ran = new Set(seen().map(({ sql }) => sql))
    const recorded = new Set(fixture.recorder.of('statement').map(({ sql }) => sql))
    for (const sql of ran) expect(recorded).toContain(sql)
  })

  it('a recorder that cannot write stops traffic, and traffic comes back with it', async () => {
    const wire = await probe()
    fixture.recorder.broken = true
    const marker = "SELECT 'unrecorded' AS marker"
    const answer = await refusedOrClosed(wire, marker)
    expect(answer).toMatchObject({ C: '58030' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(texts()).not.toContain(marker)
    fixture.recorder.broken = false
    const again = await probe()
    expect((await again.query('SELECT 1')).text).toEqual([['1']])
    await again.end()
  })

  it('the only statements of the gateway’s own are its look-ups and settings', async () => {
    const own = fixture.postgres.statements().filter(({ application }) => !application.startsWith('probe') && application !== 'test-admin')
    for (const { sql } of own) expect(sql).not.toMatch(/counters|orders|customers/)
    expect(own.some(({ sql }) => sql.includes(SHOP.password))).toBe(false)
  })
})

async function refusedOrClosed(wire: Wire, sql: string) {
  const { errors } = await wire.query(sql)
  return errors[0]
}
