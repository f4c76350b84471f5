import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { parseConfig } from '../../main/config.ts'
import { compilePolicy } from '../../main/policies/compile.ts'
import { recordingsFile } from '../../main/store/files.ts'
import { configOfDraft, DraftError } from '../../main/what-if/draft-config.ts'
import { replayRecorded } from '../../main/what-if/replay-recorded.ts'
import { statementShape } from '../../main/what-if/statement-shape.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { allowed, fill, judged, noFacts, openSession, recorderOn, temporaryDirectory } from '../recordings/fixtures.ts'

const config = parseConfig(
  `identity: { providers: [{ name: a, issuer: "https://a.example", audience: x, clientId: y }] }
roles: { approver: [dba] }
connections: [{ name: shop, engine: postgres, host: h, database: d, user: u, password: p, groups: [ai-agents] }]
policies: [{ name: agents, groups: [ai-agents], connections: [shop], rules: [{ effect: allow, statements: [read, write] }] }]`,
  { file: 'f', folder: '/', env: {} },
)
const draftOf = (rules: string): string => `policies: [{ name: agents, groups: [ai-agents], connections: [shop], rules: [${rules}] }]`

/** Facts by the first word: enough to see that the draft decides, and not what was recorded. */
const analyst = {
  analyse: (text: Buffer) => {
    const sql = text.toString()
    if (sql.startsWith('BROKEN')) return new GatewayError({ code: 'unreadable', sqlstate: '42601', message: 'syntax error' } as never)
    const verbs = [sql.startsWith('SELECT') ? ('read' as const) : ('write' as const)]
    const because = verbs.map((verb) => ({ verb, what: verb, offset: 0 }))
    return { statements: [{ ...noFacts, verbs, because, outputsFromName: sql.startsWith('EXECUTE') }] } as never
  },
}

function recorded(): Database.Database {
  const dataDir = temporaryDirectory()
  const recorder = recorderOn(dataDir)
  const session = openSession(recorder)
  for (const sql of [
    'SELECT 1',
    'SELECT 2',
    "UPDATE t SET a = 'x' WHERE id = 1",
    "UPDATE t SET a = 'y' WHERE id = 22",
    'BROKEN',
    'EXECUTE p',
  ]) {
    session.statement(judged(sql, allowed), undefined)
  }
  recorder.close()
  fill(dataDir)
  return new Database(recordingsFile(dataDir), { readonly: true })
}

test('says by shape what would now be allowed, held or denied, and what that was then; what changes comes first', async () => {
  const db = recorded()
  const draft = configOfDraft(
    draftOf('{ effect: allow, statements: [read] }, { effect: ask, statements: [write], approvers: [dba] }'),
    config,
  )
  const catalog = { relations: [], functions: [] } as never
  const result = await replayRecorded(
    { db, analyst, catalog: async () => catalog, policy: (connection) => compilePolicy(draft, connection, Buffer.alloc(32)) },
    { from: 0, to: 2_000_000_000_000, connection: undefined },
  ).finally(() => db.close())
  expect(result).toMatchObject({ judged: 6, unclear: 1, cut: false })
  expect(result.groups.map(({ shape, was, now, statements }) => [shape, was, now, statements])).toEqual([
    ['update t set a = ? where id = ?', 'allow', 'ask', 2],
    ['broken', 'allow', 'deny', 1],
    ['select ?', 'allow', 'allow', 2],
  ])
  expect(result.groups[0]).toMatchObject({ rule: 'agents/2', connection: 'shop' })
})

test('a draft is read as the file is, and faults are told', () => {
  expect(configOfDraft(draftOf('{ effect: deny, statements: [read] }'), config).policies[0]?.rules[0]?.effect).toBe('deny')
  expect(configOfDraft({ policies: [] }, config).policies).toEqual([])
  expect(() => configOfDraft('policies: [', config)).toThrow(DraftError)
  expect(() => configOfDraft('connections: []', config)).toThrow(/has no "connections"/)
  expect(() => configOfDraft('sensitive: []', config)).toThrow(/needs "policies"/)
  expect(() => configOfDraft(draftOf('{ effect: perhaps }'), config)).toThrow(/perhaps/)
  expect(JSON.stringify(configOfDraft({ policies: [] }, config))).not.toContain('"h"')
})

test('a shape is the statement without constants, spacing, comments and the length of lists', () => {
  expect(statementShape("SELECT  a.b /* x */ FROM t WHERE id IN (1, 2,3) AND n = 'it''s'")).toBe(
    'select a.b from t where id in (?, …) and n = ?',
  )
  expect(statementShape('INSERT INTO t VALUES (1,2), (3,4)')).toBe(statementShape('INSERT INTO t VALUES (5,6), (7,8), (9,10)'))
  expect(statementShape('SELECT 1')).not.toBe(statementShape('SELECT a'))
})
