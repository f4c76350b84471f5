import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const OWNER = { user: 'follow_app', password: 'follow_app_secret', database: 'follow' }
const TABLES = `
CREATE TABLE people (id int PRIMARY KEY, name text, ssn text, short text GENERATED ALWAYS AS (right(ssn, 6)) STORED);
INSERT INTO people VALUES (1, 'Mira', '123-45-6789'), (2, 'Olaf', NULL);
CREATE TABLE scratch (id int, body text);
CREATE TABLE parent (id int, secret text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1, '987-65-4321');
CREATE FUNCTION copy_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.ssn; RETURN NEW; END $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
`

/** `free`: everything is allowed. `asked`: a person decides on uses of the label. */
describe('labels follow values, through the host', () => {
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let agent: string
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-follow-'))

  const start = () => {
    const connection = (name: string) => ({ name, port: postgres.port, ...OWNER })
    const names = ['free', 'asked']
    return startTestHost(
      {
        issuer: issuer.issuer,
        connections: names.map(connection),
        sensitive: names.map((name) => ({
          connection: name,
          label: 'pii',
          mask: 'redact',
          columns: ['public.people.ssn', 'public.parent.secret'],
        })),
        policies: [
          { name: 'free', groups: ['ai-agents'], connections: ['free'], rules: [{ effect: 'allow' }] },
          {
            name: 'asked',
            groups: ['ai-agents'],
            connections: ['asked'],
            rules: [{ effect: 'ask', uses: ['pii'], approvers: ['dba'], wait: '20s' }, { effect: 'allow' }],
          },
        ],
      },
      { dataDir },
    )
  }

  beforeAll(async () => {
    postgres = await startPostgres({ sql: `CREATE ROLE ${OWNER.user} LOGIN PASSWORD '${OWNER.password}'` })
    await postgres.query(`CREATE DATABASE ${OWNER.database} OWNER ${OWNER.user}`)
    await postgres.query(`SET SESSION AUTHORIZATION ${OWNER.user}; ${TABLES}`, OWNER.database)
    issuer = await startIssuer()
    host = await start()
    agent = await issuer.mint({ expiresIn: 3600 })
  })
  afterAll(async () => {
    await host?.stop()
    await issuer?.stop()
    await postgres?.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  })

  const admin = () => issuer.mint({ sub: 'ada', azp: 'sallyport-web', groups: ['leads'] })
  const followed = async () => {
    const { body } = await host.call(await admin(), 'GET', '/api/masking/followed')
    return (body as { items: readonly { id: number; connection: string; column: string; why: string; source: string }[] }).items
  }

  /** Sends it, and approves the request that it makes. */
  const approved = async (wire: Wire, sql: string) => {
    const answer = wire.query(sql)
    const approver = await issuer.mint({ sub: 'bjorn', azp: 'sallyport-web', groups: ['dba'], authTimeAgo: 10 })
    const open = async () => {
      const { body } = await host.call(approver, 'GET', '/api/approvals?state=pending')
      return (body as { items: readonly { id: number }[] }).items[0]?.id
    }
    await expect.poll(open, { timeout: 10_000, interval: 50 }).toBeTypeOf('number')
    const { status } = await host.call(approver, 'POST', `/api/approvals/${await open()}/decision`, { decision: 'approve', reason: 'test' })
    expect(status).toBe(200)
    return answer
  }

  it('where everything is allowed, a copy is refused and says how to go on', async () => {
    const wire = await host.through(agent, 'free')
    const { errors } = await wire.query('INSERT INTO scratch SELECT id, ssn FROM people')
    expect(errors[0]).toMatchObject({
      C: '42501',
      M: 'denied: it would keep a labelled value where its label is not',
      D: 'public.people.ssn (pii) would be kept in public.scratch.body, which does not have that label',
    })
    expect(errors[0]?.['H']).toContain('give public.scratch.body the label pii')
    await wire.end()
  })

  it('everyday work goes on as before', async () => {
    const wire = await host.through(agent, 'free')
    const everyday = [
      "INSERT INTO people (id, name, ssn) VALUES (7, 'Nils', '111-22-3333')",
      "UPDATE people SET ssn = '222-33-4444' WHERE id = 7",
      "UPDATE people SET name = 'Nina' WHERE ssn = '222-33-4444'",
      'DELETE FROM people WHERE id = 7',
      'INSERT INTO scratch SELECT id, name FROM people RETURNING *',
      'BEGIN; CREATE TABLE notes (id serial PRIMARY KEY, body text, at timestamptz DEFAULT now()); COMMIT',
      "INSERT INTO notes (body) SELECT body FROM scratch UNION SELECT 'x'",
      'CREATE TABLE notes_2 AS SELECT * FROM notes',
      'ALTER TABLE notes ADD COLUMN more text, ALTER COLUMN body TYPE varchar(100) USING left(body, 100)',
      'CREATE TRIGGER stamp BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION stamp()',
      'DO $$ DECLARE r record; BEGIN FOR r IN SELECT id, body FROM notes LOOP UPDATE notes SET more = r.body WHERE id = r.id; END LOOP; END $$',
      'DROP TABLE notes, notes_2',
      'DELETE FROM scratch',
    ]
    for (const sql of everyday) expect([sql, (await wire.query(sql)).errors]).toEqual([sql, []])
    await wire.end()
  })

  it('a generated column has the label of what it is computed from, and a trigger that would move the value is refused', async () => {
    const wire = await host.through(agent, 'free')
    expect((await wire.query('SELECT short FROM people WHERE id = 1')).text).toEqual([['*redacted*']])
    const trigger = 'CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION copy_name()'
    expect((await wire.query(trigger)).errors[0]?.['D']).toContain('would be kept in trigger t on public.people')
    await wire.end()
  })

  it('with a person’s leave the label goes along: in RETURNING, in the same transaction, for others, over a restart, until an admin removes it', async () => {
    const wire = await host.through(agent, 'asked')
    const stored = await approved(wire, 'INSERT INTO scratch SELECT id, ssn FROM people WHERE id = 1 RETURNING body, upper(body)')
    expect(stored.errors).toEqual([])
    expect(stored.text).toEqual([['*redacted*', '*redacted*']])
    expect((await wire.query('SELECT body FROM scratch')).text).toEqual([['*redacted*']])
    await wire.query('BEGIN')
    expect((await approved(wire, 'CREATE TABLE made AS SELECT lower(ssn) AS x, name FROM people WHERE id = 1')).errors).toEqual([])
    expect((await wire.query('SELECT x, name FROM made')).text).toEqual([['*redacted*', 'Mira']])
    expect((await wire.query('ALTER TABLE made RENAME x TO y')).errors).toEqual([])
    expect((await wire.query('SELECT y, name FROM made')).text).toEqual([['*redacted*', 'Mira']])
    expect((await wire.query('COMMIT; ')).errors).toEqual([])
    expect((await wire.query('ALTER TABLE made RENAME TO made_2')).errors).toEqual([])
    await wire.end()

    await host.stop()
    host = await start()
    const other = await host.through(agent, 'asked')
    expect((await other.query('SELECT y, name FROM made_2')).text).toEqual([['*redacted*', 'Mira']])
    expect((await other.query('SELECT body FROM scratch')).text).toEqual([['*redacted*']])
    const items = (await followed()).filter(({ connection }) => connection === 'asked')
    expect(items.map(({ column, why, source }) => `${column} ${why} ${source}`)).toEqual([
      'public.made_2.y copied public.people.ssn',
      'public.scratch.body copied public.people.ssn',
    ])
    const { status } = await host.call(await admin(), 'DELETE', `/api/masking/followed/${items[1]?.id}`)
    expect(status).toBe(200)
    expect((await other.query('SELECT body FROM scratch')).text).toEqual([['123-45-6789']])
    expect((await other.query('DROP TABLE made_2')).errors).toEqual([])
    await expect
      .poll(async () => (await other.query('SELECT 1')).errors.length === 0 && (await followed()).map(({ connection }) => connection))
      .not.toContain('asked')
    await other.end()
  })

  it('the label stays with what is renamed, moved or cut off', async () => {
    const wire = await host.through(agent, 'free')
    const change = async (sql: string) => expect((await wire.query(sql)).errors).toEqual([])
    const masked = async (sql: string) => expect((await wire.query(sql)).text).toEqual([['*redacted*']])
    await change('ALTER TABLE people RENAME COLUMN ssn TO number')
    await masked('SELECT number FROM people WHERE id = 1')
    await change('CREATE SCHEMA aside')
    await change('ALTER TABLE people SET SCHEMA aside')
    await change('ALTER TABLE aside.people RENAME TO folk')
    await masked('SELECT number FROM aside.folk WHERE id = 1')
    await masked('SELECT short FROM aside.folk WHERE id = 1')
    await change('ALTER TABLE aside.folk ALTER COLUMN short DROP EXPRESSION')
    await masked('SELECT short FROM aside.folk WHERE id = 1')
    await change('ALTER TABLE child NO INHERIT parent')
    await masked('SELECT secret FROM child')
    expect((await followed()).filter(({ connection }) => connection === 'free').map(({ why }) => why)).toContain('renamed')
    await wire.end()
  })
})
