import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { hasPsql, psql } from '../../helpers/psql.ts'
import { SECRETS } from '../../helpers/shop.ts'

describe.skipIf(!hasPsql())('psql', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway()
  })
  afterAll(async () => fixture?.stop())

  const both = async (args: readonly string[], input?: string) => {
    const direct = await psql(fixture.directUrl, args, input)
    const through = await psql(fixture.url, args, input)
    return { direct, through }
  }

  it.each([
    '\\d',
    '\\dt+ public.*',
    '\\d public.orders',
    '\\d+ public.customers',
    '\\dv',
    '\\df public.*',
    '\\dn',
    '\\du',
    '\\dT',
    '\\di',
    '\\dp public.counters',
    '\\encoding',
  ])('answers %s as the server does', async (command) => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const { direct, through } = await both(['-c', command])
    expect(through).toEqual(direct)
  })

  it.each([
    ['a table', ['-c', 'SELECT id, name, status FROM public.customers JOIN public.orders USING (id) ORDER BY id LIMIT 5']],
    ['expanded, unaligned', ['-x', '-A', '-c', 'SELECT * FROM public.orders ORDER BY id LIMIT 2']],
    ['several -c', ['-c', 'SELECT 1', '-c', 'SELECT 2; SELECT 3']],
    ['a syntax error', ['-c', 'SELECT 1 FORM public.orders']],
    ['an error with a position over several lines', ['-c', 'SELECT id,\n  nothing\nFROM public.orders']],
    ['FETCH_COUNT', ['-v', 'FETCH_COUNT=7', '-c', 'SELECT id FROM public.orders ORDER BY id']],
    ['gset and a variable', ['-c', 'SELECT 41 + 1 AS answer \\gset', '-c', '\\echo :answer']],
  ])('prints %s as the server does', async (_name, args) => {
    fixture.setPolicy(ALLOW_ALL)
    const { direct, through } = await both(args)
    expect(through).toEqual(direct)
  })

  it('copies out and in', async () => {
    fixture.setPolicy(ALLOW_ALL)
    const out = await both(['-c', '\\copy (SELECT id, status FROM public.orders ORDER BY id) TO STDOUT CSV HEADER'])
    expect(out.through).toEqual(out.direct)
    const script =
      '\\copy public.imported FROM STDIN\n7\tseven\n8\teight\n\\.\nSELECT * FROM public.imported ORDER BY id;\nDELETE FROM public.imported;\n'
    const input = await both([], script)
    expect(input.through).toEqual(input.direct)
  })

  it('sees masked columns and nothing of what is behind them', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const { through } = await both(['-c', 'SELECT * FROM public.customers ORDER BY id LIMIT 10'])
    expect(through.code).toBe(0)
    expect(through.out).toContain('Customer 7')
    for (const secret of SECRETS) expect(through.out + through.err).not.toMatch(secret)
  })

  it('is told the rule, the cause and what to do when a statement is denied', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const { out, err, code } = await psql(fixture.url, ['-v', 'VERBOSITY=verbose', '-c', 'DROP TABLE public.orders'])
    expect({ out, code }).toEqual({ out: '', code: 1 })
    expect(err).toContain('ERROR:  42501: denied by rule "test-shop/4"')
    expect(err).toMatch(/DETAIL: {2}.*DROP/)
    expect(err).toContain('HINT:  Schema changes go through migrations.')
    expect(await fixture.postgres.query('SELECT count(*)::int AS n FROM public.orders', 'shop')).toEqual([{ n: 50 }])
  })

  it('waits while a write is held, and gets the row count once it is approved', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const running = psql(fixture.url, ['-c', 'UPDATE public.counters SET n = 5 WHERE id = 5'])
    const asked = await fixture.approvals.next()
    expect(asked.request.sql).toBe('UPDATE public.counters SET n = 5 WHERE id = 5')
    asked.approve()
    const { out, err, code } = await running
    expect({ out, code }).toEqual({ out: 'UPDATE 1\n', code: 0 })
    expect(err).toContain(`NOTICE:  held for approval #${asked.number} (rule "test-shop/3"), waiting up to 1 min`)
  })

  it('is told FATAL when the token is not good', async () => {
    const { err, code } = await psql(fixture.url.replace('agent-token', 'rubbish'), ['-c', 'SELECT 1'])
    expect(code).toBe(2)
    expect(err).toContain('FATAL:  the token is not one of the test')
    expect(err).not.toContain('rubbish')
  })
})
