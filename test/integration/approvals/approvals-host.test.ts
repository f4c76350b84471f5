/** A whole host before a real PostgreSQL: what the approver is told, how often an approval lets a statement pass, and what comes after outsiders' text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Approval, Preview, StandingApproval } from '../../../main/contract/index.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SECRETS, SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const MORE_SQL = `
SET ROLE ${SHOP.user};
CREATE TABLE public.tickets (id int PRIMARY KEY, body text);
INSERT INTO public.tickets SELECT i, 'text ' || i FROM generate_series(1, 5) i;
CREATE TABLE public.numbered (id serial PRIMARY KEY, n int);
INSERT INTO public.numbered (n) SELECT i FROM generate_series(1, 5) i;
CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('told', NEW.id::text); RETURN NEW; END $$;
CREATE TABLE public.loud (id int PRIMARY KEY, n int);
INSERT INTO public.loud VALUES (1, 1);
CREATE TRIGGER loud_tells AFTER UPDATE ON public.loud FOR EACH ROW EXECUTE FUNCTION public.tell();
CREATE TABLE public.parents (id int PRIMARY KEY);
CREATE TABLE public.loud_children (id int PRIMARY KEY, parent int REFERENCES public.parents ON DELETE CASCADE);
CREATE TRIGGER child_tells AFTER DELETE ON public.loud_children FOR EACH ROW EXECUTE FUNCTION public.tell();
INSERT INTO public.parents VALUES (1), (2);
RESET ROLE;
`

describe('approvals before a real database', () => {
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let agent: string
  let ada: string
  let dan: string
  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL + MORE_SQL, SHOP.database)
    issuer = await startIssuer()
    host = await startTestHost({
      issuer: issuer.issuer,
      connections: [{ name: 'shop', port: postgres.port, ...SHOP, limits: { connectionsPerPerson: 50 } }],
      untrusted: [{ connection: 'shop', tables: ['public.tickets'] }],
      policies: [
        {
          name: 'agents',
          groups: ['ai-agents'],
          connections: ['shop'],
          rules: [
            { effect: 'ask', statements: ['write'], tables: ['public.orders'], approvers: ['dba'], approvals: 2, maxRows: 10 },
            {
              effect: 'ask',
              statements: ['read'],
              tables: ['public.imported'],
              afterUntrusted: true,
              approvers: ['dba'],
              reason: 'after text from outside',
            },
            { effect: 'ask', uses: ['pii'], approvers: ['dba'] },
            { effect: 'ask', statements: ['write', 'unknown'], approvers: ['dba'], maxRows: 20 },
            { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['*.*'] },
          ],
        },
      ],
    })
    agent = await issuer.mint()
    const person = (sub: string, name: string) =>
      issuer.mint({ sub, name, email: `${sub}@example.com`, groups: ['dba'], azp: 'sallyport-web', authTimeAgo: 5 })
    ada = await person('ada', 'Ada')
    dan = await person('dan', 'Dan')
  })
  afterAll(async () => {
    await host?.stop()
    await issuer?.stop()
    await postgres?.stop()
  })

  const get = async (path: string, token = ada) => (await host.call(token, 'GET', path)).body
  const read = async (id: number, token = ada) => (await get(`/api/approvals/${id}`, token)) as Approval
  const post = (path: string, body: unknown, token = ada) => host.call(token, 'POST', path, body)
  const decide = (id: number, body: object, token = ada) => post(`/api/approvals/${id}/decision`, { reason: '', ...body }, token)

  async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
    for (const end = Date.now() + 10_000; Date.now() < end; ) {
      const found = await look()
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    throw new Error(`${what} did not come`)
  }

  /** The newest pending request, once its preview is there. */
  const looked = (sql: string) =>
    until(async () => {
      const { items } = (await get('/api/approvals?state=pending&order=newest&limit=5')) as { items: Approval[] }
      return items.find((one) => one.sql === sql && one.preview.state !== 'pending')
    }, `the preview of ${sql}`)

  /** Sends it, reads the card, and denies it. */
  async function preview(sql: string, wire?: Wire): Promise<Approval> {
    const own = wire ?? (await host.through(agent))
    const answer = own.query(sql)
    const card = await looked(sql)
    expect((await decide(card.id, { decision: 'deny' })).status).toBe(200)
    expect((await answer).errors[0]?.['C']).toBe('42501')
    if (wire === undefined) await own.end()
    return card
  }

  it('an UPDATE: plan, exact count, rows before and after, masked', async () => {
    const { preview: found, ...card } = await preview(
      "UPDATE public.customers SET name = upper(name), card = '4111111111111111' WHERE id BETWEEN 3 AND 9",
    )
    expect(found).toMatchObject({ state: 'ready', exactRows: 7, overCeiling: false, countNote: null, moreThanRows: null })
    expect(found.estimatedRows).toBeGreaterThan(0)
    expect(found.plan?.join('\n')).toMatch(/Update on customers[\s\S]*Scan/)
    expect(found.rows?.columns.map((column) => column.name)).toEqual(['id', 'name', 'email', 'ssn', 'card', 'balance', 'note'])
    expect(found.rows?.columns.filter((column) => column.changed).map((column) => column.name)).toEqual(['name', 'card'])
    expect(found.rows?.items).toHaveLength(5)
    expect(found.rows?.moreRows).toBe(true)
    expect(found.rows?.items[0]).toMatchObject({
      before: ['3', 'Customer 3', 'c3@example.com', expect.anything(), expect.anything(), '31.50', expect.anything()],
    })
    expect(found.rows?.items[0]?.after?.[1]).toBe('CUSTOMER 3')
    expect(found.rows?.masked).toContain('pii')
    for (const secret of [SECRETS[0] ?? /./]) expect(JSON.stringify(found)).not.toMatch(secret)
    expect(card).toMatchObject({ needs: { approvals: 1, given: [] }, standingLimits: { times: 100, minutes: 480 } })
  })

  it('a labelled column is masked before and after, also where a constant goes into it, and its literals are not on the card', async () => {
    const wire = await host.through(agent)
    const answer = wire.query("UPDATE public.customers SET ssn = '987-65-9999' WHERE ssn = '987-65-0004'")
    const card = await until(async () => {
      const { items } = (await get('/api/approvals?state=pending&order=newest&limit=1')) as { items: Approval[] }
      return items.find((one) => one.preview.state !== 'pending')
    }, 'the card')
    await decide(card.id, { decision: 'deny' })
    await answer
    expect(card.sql).toBe('UPDATE public.customers SET ssn = ••• WHERE ssn = •••')
    expect(card.preview).toMatchObject({ exactRows: 1 })
    expect(JSON.stringify(card)).not.toMatch(/987-65/)
    const events = await until(async () => {
      // Not there while the store has not come so far.
      const { items } = (await get(`/api/sessions/${card.sessionId}/events`)) as { items?: { kind: string; sql?: string }[] }
      return items?.find((event) => event.kind === 'statement')
    }, 'the replay')
    expect(events.sql).toBe(card.sql)
    await wire.end()
  })

  it.each<[string, Partial<Preview>]>([
    ['DELETE FROM public.counters WHERE id <= 30', { exactRows: 30, overCeiling: true }],
    ['DELETE FROM public.counters c USING public.customers k WHERE c.id = k.id % 10', { exactRows: 9 }],
    ['UPDATE public.counters c SET n = k.id FROM public.customers k WHERE c.id = 1', { exactRows: 1 }],
    [
      'WITH few AS (SELECT id FROM public.counters LIMIT 3) DELETE FROM public.counters WHERE id IN (SELECT id FROM few) RETURNING *',
      { exactRows: 3 },
    ],
    ["INSERT INTO public.imported VALUES (1, 'a'), (2, 'b')", { exactRows: 2 }],
    ["INSERT INTO public.imported SELECT id, 'x' FROM public.counters WHERE id < 5", { exactRows: 4 }],
    [
      'MERGE INTO public.counters t USING (SELECT 5 AS id UNION ALL SELECT 500) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET n = 1 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 0)',
      { exactRows: 2 },
    ],
    ['TRUNCATE public.imported', { exactRows: 0, plan: null }],
    ['DELETE FROM public.counters WHERE random() < 2', { exactRows: null, countNote: expect.stringContaining('random()') }],
    ['DELETE FROM public.counters WHERE bump(id) > 0', { state: 'none', note: expect.stringContaining('bump') }],
    ['DELETE FROM public.counters WHERE id = 1/0', { exactRows: null, countNote: expect.stringContaining('22012') }],
    ['DELETE FROM public.counters; DELETE FROM public.imported', { state: 'none', note: expect.stringContaining('Several') }],
  ])('%s', async (sql, expected) => {
    const card = await preview(sql)
    expect(card.preview).toMatchObject(expected)
  })

  it('what only its own session sees is not looked into', async () => {
    const wire = await host.through(agent)
    await wire.query('BEGIN')
    const inTransaction = await preview('DELETE FROM public.counters WHERE id = 2', wire)
    expect(inTransaction.preview.countNote).toContain('open transaction')
    await wire.query('ROLLBACK')
    await wire.end()
  })

  it('parameters are counted with, and an EXECUTE with what it stands for', async () => {
    const wire = await host.through(agent)
    const sent = wire.extended('DELETE FROM public.counters WHERE id > $1', ['95'])
    const card = await looked('DELETE FROM public.counters WHERE id > $1')
    expect(card.preview).toMatchObject({ exactRows: 5 })
    await decide(card.id, { decision: 'deny' })
    await sent
    const prepared = wire.query('PREPARE gone (int) AS DELETE FROM public.counters WHERE id < $1')
    const asked = await looked('PREPARE gone (int) AS DELETE FROM public.counters WHERE id < $1')
    await decide(asked.id, { decision: 'approve' })
    expect((await prepared).tags).toEqual(['PREPARE'])
    const run = wire.query('EXECUTE gone (4)')
    const execute = await looked('EXECUTE gone (4)')
    expect(execute.prepared).toEqual([{ name: 'gone', sql: 'PREPARE gone (int) AS DELETE FROM public.counters WHERE id < $1', marks: [] }])
    expect(execute.preview).toMatchObject({ exactRows: 3 })
    expect(execute.history).toMatchObject({ statements: 2, held: 2 })
    await decide(execute.id, { decision: 'deny' })
    await run
    await wire.end()
  })

  it('an agent does not read rows through its own request', async () => {
    const wire = await host.through(agent)
    const answer = wire.query('DELETE FROM public.counters WHERE id = 3')
    const card = await looked('DELETE FROM public.counters WHERE id = 3')
    expect((await read(card.id, agent)).preview).toMatchObject({ state: 'none', rows: null, plan: null })
    expect(await post(`/api/approvals/${card.id}/rehearsal`, undefined, agent)).toMatchObject({ status: 403 })
    await decide(card.id, { decision: 'deny' })
    await answer
    await wire.end()
  })

  async function rehearse(sql: string): Promise<Approval> {
    const wire = await host.through(agent)
    const answer = wire.query(sql)
    const card = await looked(sql)
    const begun = await post(`/api/approvals/${card.id}/rehearsal`, undefined)
    const done =
      begun.status === 200
        ? await until(async () => {
            const now = await read(card.id)
            return now.preview.rehearsal?.state === 'running' ? undefined : now
          }, 'the rehearsal')
        : card
    await decide(card.id, { decision: 'deny' })
    await answer
    await wire.end()
    return done
  }

  it('a rehearsal runs it and rolls it back', async () => {
    const done = await rehearse('UPDATE public.counters SET n = 7 WHERE id IN (11, 12)')
    expect(done.preview.rehearsal).toMatchObject({ state: 'done', rows: 2, text: 'UPDATE 2', by: { name: 'Ada' } })
    expect(await postgres.query('SELECT n FROM public.counters WHERE id IN (11, 12)', SHOP.database)).toEqual([{ n: 0 }, { n: 0 }])
    const broken = await rehearse('INSERT INTO public.counters VALUES (1, 1)')
    expect(broken.preview.rehearsal).toMatchObject({ state: 'failed', text: expect.stringContaining('unique') })
  })

  it.each([
    ['UPDATE public.loud SET n = 2', /trigger/],
    ['INSERT INTO public.numbered (n) VALUES (9)', /sequence/],
    ['UPDATE public.numbered SET id = DEFAULT', /sequence/],
    ['DELETE FROM public.parents WHERE id = 1', /trigger child_tells/],
    ['TRUNCATE public.imported', /Only INSERT/],
  ])('%s is not rehearsed', async (sql, why) => {
    const done = await rehearse(sql)
    expect(`${done.preview.whyNoRehearsal} ${done.preview.rehearsal?.text} ${done.preview.note}`).toMatch(why)
    expect(done.preview.rehearsal?.state ?? 'refused').toBe('refused')
    expect(await postgres.query('SELECT last_value FROM public.numbered_id_seq', SHOP.database)).toEqual([{ last_value: '5' }])
  })

  it('two have to agree, and not the one who asked', async () => {
    const wire = await host.through(agent)
    const answer = wire.query("UPDATE public.orders SET tags = '{x}' WHERE id = 1")
    const card = await looked("UPDATE public.orders SET tags = '{x}' WHERE id = 1")
    expect(card.needs).toMatchObject({ approvals: 2 })
    expect((await decide(card.id, { decision: 'approve' }, agent)).status).toBe(403)
    expect(await decide(card.id, { decision: 'approve' })).toMatchObject({
      status: 200,
      body: { state: 'pending', needs: { given: [{ by: { name: 'Ada' } }] } },
    })
    expect((await decide(card.id, { decision: 'approve' })).status).toBe(409)
    expect((await decide(card.id, { decision: 'approve' }, dan)).status).toBe(200)
    expect((await answer).tags).toEqual(['UPDATE 1'])
    expect((await read(card.id)).state).toBe('used')
    await wire.end()
  })

  it('a statement that was approved in advance runs as often as that, in other sessions too, and its row ceiling holds', async () => {
    const sql = 'UPDATE public.counters SET n = n + 1 WHERE id <= 3'
    const first = await host.through(agent)
    const answer = first.query(sql)
    const card = await looked(sql)
    expect((await decide(card.id, { decision: 'approve', times: 3, maxRows: 3 })).status).toBe(200)
    expect((await answer).tags).toEqual(['UPDATE 3'])
    const second = await host.through(agent)
    const passed = await second.query(sql)
    expect(passed).toMatchObject({ tags: ['UPDATE 3'], notices: [] })
    const { items } = (await get('/api/standing')) as { items: StandingApproval[] }
    expect(items).toMatchObject([
      { approval: card.id, used: 2, times: 3, maxRows: 3, by: [{ name: 'Ada' }], mayRevoke: true, uses: [{ use: 2 }, { use: 1 }] },
    ])
    await postgres.query('UPDATE public.counters SET id = id - 20 WHERE id = 21', SHOP.database).catch(() => undefined)
    const id = items[0]?.id ?? 0
    expect((await host.call(agent, 'DELETE', `/api/standing/${id}`)).status).toBe(403)
    expect((await host.call(dan, 'DELETE', `/api/standing/${id}`)).status).toBe(200)
    expect((await host.call(dan, 'DELETE', `/api/standing/${id}`)).status).toBe(409)
    const asked = second.query(sql)
    const again = await looked(sql)
    expect(again.id).toBeGreaterThan(card.id)
    await decide(again.id, { decision: 'deny' })
    await asked
    await Promise.all([first.end(), second.end()])
  })

  it('outsiders’ text that was read is on the card, in the record, and held against what follows', async () => {
    const wire = await host.through(agent)
    expect((await wire.query('SELECT id FROM public.imported LIMIT 1')).errors).toEqual([])
    expect((await wire.query('SELECT body FROM public.tickets WHERE id = 1')).text).toEqual([['text 1']])
    const held = wire.query('/* reason: copy it over */ SELECT id FROM public.imported LIMIT 1')
    const card = await looked('/* reason: copy it over */ SELECT id FROM public.imported LIMIT 1')
    expect(card.warnings[0]).toContain('outsiders')
    expect(card.untrusted).toMatchObject([{ table: 'public.tickets', statement: 2 }])
    expect(card.statedReason).toEqual({ text: 'copy it over', from: 'comment' })
    expect(card.rule?.sentence).toContain('text from outside')
    await decide(card.id, { decision: 'approve' })
    expect((await held).errors).toEqual([])
    const session = await until(async () => {
      const found = (await get(`/api/sessions/${card.sessionId}`)) as { untrusted: { table: string }[] }
      return found.untrusted.length > 0 ? found : undefined
    }, 'the flag')
    expect(session.untrusted).toMatchObject([{ table: 'public.tickets', statement: 2 }])
    const { items } = (await get(`/api/sessions/${card.sessionId}/events`)) as { items: { kind: string; statement?: number }[] }
    expect(items.filter((event) => event.kind === 'untrusted')).toMatchObject([{ statement: 2, tables: ['public.tickets'] }])
    await wire.end()
  })

  it('many at once are all decided', async () => {
    const wires = await Promise.all(Array.from({ length: 30 }, () => host.through(agent)))
    const answers = wires.map((wire, i) => wire.query(`UPDATE public.counters SET n = n + 1 WHERE id = ${40 + i}`, 30_000))
    const pending = await until(async () => {
      const { items } = (await get('/api/approvals?state=pending&limit=200')) as { items: Approval[] }
      return items.length === wires.length ? items : undefined
    }, 'all of them')
    const results = await Promise.all(
      pending.flatMap((one) => [decide(one.id, { decision: 'approve' }), decide(one.id, { decision: 'approve' }, dan)]),
    )
    expect(results.filter((result) => result.status === 200)).toHaveLength(wires.length)
    expect((await Promise.all(answers)).map((answer) => answer.tags)).toEqual(wires.map(() => ['UPDATE 1']))
    await Promise.all(wires.map((wire) => wire.end()))
  })
})
