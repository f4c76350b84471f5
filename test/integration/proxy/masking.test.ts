import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { SECRETS } from '../../helpers/shop.ts'
import type { Answer, Wire } from '../../helpers/wire-client.ts'

const ALL = 'SELECT id, name, ssn, card, note FROM public.customers ORDER BY id LIMIT 10'

/** Every byte of an answer, as it came and decoded where the wire encodes. */
const everything = ({ messages }: Pick<Answer, 'messages'>): string => Buffer.concat(messages.map(({ body }) => body)).toString('latin1')

describe('nothing sensitive leaves', () => {
  let fixture: GatewayFixture
  let wire: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
    wire = await fixture.through()
  })
  afterAll(async () => fixture?.stop())

  const WAYS: Readonly<Record<string, () => Promise<Answer>>> = {
    'a simple query': () => wire.query(ALL),
    'the extended protocol': () => wire.extended(ALL),
    'binary results': () => wire.extended(ALL, [], { resultFormats: [1] }),
    'mixed formats': () => wire.extended(ALL, [], { resultFormats: [0, 1, 1, 0, 1] }),
    'without Describe': async () => {
      wire.send(m.parse(ALL), m.bind(), m.execute(), m.sync())
      return wire.answer()
    },
    'a named statement, described first': async () => {
      wire.send(m.parse(ALL, 'all'), m.describeStatement('all'), m.sync())
      await wire.answer()
      wire.send(m.bind([], { statement: 'all' }), m.execute(), m.closeStatement('all'), m.sync())
      return wire.answer()
    },
    'rows in pieces': async () => {
      wire.send(m.parse(ALL), m.bind(), m.execute('', 4), m.execute('', 4), m.execute('', 4), m.sync())
      return wire.answer()
    },
    'PREPARE and EXECUTE': async () => {
      await wire.query(`PREPARE everybody AS ${ALL}`)
      const answer = await wire.query('EXECUTE everybody')
      await wire.query('DEALLOCATE everybody')
      return answer
    },
    'a cursor': async () => {
      await wire.query('BEGIN')
      await wire.query(`DECLARE c CURSOR FOR ${ALL}`)
      const answer = await wire.query('FETCH ALL FROM c')
      await wire.query('COMMIT')
      return answer
    },
    'the second of two statements': () => wire.query(`SELECT 1; ${ALL}`),
    'a view': () => wire.query('SELECT id, name, plastic FROM public.customer_cards ORDER BY id LIMIT 10'),
    'an alias and a subselect': () =>
      wire.query('SELECT x.a AS name, x.b FROM (SELECT ssn AS a, card AS b, id FROM public.customers) x ORDER BY id LIMIT 10'),
    'a CTE': () => wire.query('WITH c AS (SELECT * FROM public.customers) SELECT * FROM c ORDER BY id LIMIT 10'),
    'a set operation': () =>
      wire.query('SELECT name FROM public.customers WHERE id < 3 UNION ALL SELECT ssn FROM public.customers WHERE id < 3'),
    'patterns in a column that is not declared': () => wire.query('SELECT card FROM billing.payments ORDER BY id LIMIT 5'),
  }

  it.each(Object.keys(WAYS))('by %s', async (way) => {
    const answer = await WAYS[way]?.()
    expect(answer?.errors).toEqual([])
    expect(answer?.rows.length).toBeGreaterThan(2)
    for (const secret of SECRETS) expect(everything(answer as Answer)).not.toMatch(secret)
  })

  it('by COPY, text and CSV; binary is masked or refused', async () => {
    for (const options of ['', ' (FORMAT csv, HEADER)', ' (FORMAT binary)']) {
      const answer = await wire.query(`COPY (${ALL}) TO STDOUT${options}`)
      if (options.includes('binary') ? answer.errors.length === 0 : true) expect(answer).toMatchObject({ errors: [], tags: ['COPY 10'] })
      for (const secret of SECRETS) expect(everything(answer)).not.toMatch(secret)
    }
    const table = await wire.query('COPY public.customers TO STDOUT')
    expect(table.tags).toEqual(['COPY 50'])
    for (const secret of SECRETS) expect(everything(table)).not.toMatch(secret)
  })

  it('by the texts of errors', async () => {
    for (const sql of ['SELECT ssn::int FROM public.customers', 'SELECT (card || ssn)::date FROM public.customers']) {
      const running = wire.query(sql)
      const asked = await fixture.approvals.next()
      asked.approve()
      const answer = await running
      expect(answer.errors).toHaveLength(1)
      for (const secret of SECRETS) expect(everything(answer)).not.toMatch(secret)
    }
  })

  it('in the recording: it holds what the client saw', async () => {
    const responses = Buffer.concat(fixture.recorder.of('response').map(({ frames }) => frames)).toString('latin1')
    expect(responses).toContain('Customer 7')
    for (const secret of SECRETS) expect(responses).not.toMatch(secret)
    expect(fixture.recorder.of('finished').some(({ end }) => end.masked.includes('pii'))).toBe(true)
  })

  it('what is not sensitive is as it was', async () => {
    const direct = await fixture.direct()
    for (const sql of ['SELECT id, name, email, balance FROM public.customers ORDER BY id', 'SELECT * FROM public.orders ORDER BY id'])
      for (const resultFormats of [[0], [1]])
        expect((await wire.extended(sql, [], { resultFormats })).rows).toEqual((await direct.extended(sql, [], { resultFormats })).rows)
  })

  it('an approver may lift the masks for one answer only', async () => {
    const sql = "SELECT ssn FROM public.customers WHERE ssn = '987-65-0001'"
    const first = wire.query(sql)
    ;(await fixture.approvals.next()).approve({ reveal: true })
    expect((await first).text).toEqual([['987-65-0001']])
    const second = wire.query(sql)
    ;(await fixture.approvals.next()).approve()
    expect(everything(await second)).not.toMatch(/987-65/)
  })

  it('an approver may lift one label’s mask, and the others stay', async () => {
    const [pii] = READS_AND_ASKED_WRITES.sensitive ?? []
    fixture.setPolicy({
      ...READS_AND_ASKED_WRITES,
      rules: [{ effect: 'ask', uses: ['pii', 'plastic'] }, ...READS_AND_ASKED_WRITES.rules.slice(1)],
      sensitive: [
        { label: 'pii', mask: pii?.mask ?? 'redact', columns: ['public.customers.ssn'] },
        { label: 'plastic', mask: 'redact', columns: ['public.customers.card'] },
      ],
    })
    const answer = wire.query("SELECT ssn, card FROM public.customers WHERE ssn = '987-65-0001'")
    ;(await fixture.approvals.next()).approve({ reveal: true, revealLabels: ['pii'] })
    expect((await answer).text).toEqual([['987-65-0001', '*redacted*']])
    const decisions = fixture.recorder.events.flatMap((event) => (event.kind === 'answered' ? [event.decision] : []))
    expect(decisions.at(-1)).toMatchObject({ outcome: 'approved', reveal: true, revealLabels: ['pii'] })
  })
})
