import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ApprovalDesk, createApprovals, OPEN_AFTER_MS } from '../../main/approvals/create-approvals.ts'
import type { Decider } from '../../main/approvals/decider.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { type Db, openDatabase } from '../../main/store/open-database.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { ApprovalRequest, Policies } from '../../proxy/ports.ts'
import type { Rule } from '../../proxy/verdict/policy.ts'
import { allowed, maya, noFacts, temporaryDirectory } from '../recordings/fixtures.ts'

const START = 1_790_000_000_000
const WAIT_MS = 60_000
const RECENT_MS = 15 * 60_000

const rule: Rule = {
  id: 'agents-on-shop/3',
  policy: 'agents-on-shop',
  place: 3,
  line: undefined,
  effect: 'ask',
  statements: ['write'],
  tables: undefined,
  touches: undefined,
  shows: undefined,
  uses: undefined,
  without: undefined,
  functions: undefined,
  hours: undefined,
  approvers: ['dba'],
  waitMs: WAIT_MS,
  maxRows: 100,
  message: undefined,
  reason: 'writes are looked at',
}

let inForce: Rule = rule
const policies: Policies = {
  current: (connection) => ({
    version: '1',
    connection,
    policies: [{ name: 'agents-on-shop', groups: ['ai-agents'], rules: [inForce] }],
    sensitive: [],
    untrusted: [],
    patterns: [],
    vouched: [],
    tokenKey: Buffer.alloc(32),
  }),
}

function request(key = 'k1', change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    session: 's1',
    connection: 'shop',
    who: maya,
    applicationName: 'cursor',
    sql: 'UPDATE a SET b = 1',
    parameters: [],
    key,
    verdict: { ...allowed, effect: 'ask', rule },
    facts: [{ ...noFacts, kind: 'UPDATE', verbs: ['write'] }],
    statement: 1,
    ...change,
  }
}

const dana = (change: Partial<Decider> = {}): Decider => ({
  issuer: 'https://login.test',
  subject: 'dana',
  name: 'Dana',
  kind: 'person',
  groups: ['dba'],
  roles: ['approver'],
  signInAt: Date.now() - 1000,
  ...change,
})

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** People who have lost their groups since. */
const lost = new Set<string>()
let path: string
let db: Db
let desk: ApprovalDesk

function open(): void {
  db = openDatabase(path, { migrations: hostMigrations })
  desk = createApprovals({
    ...{ db, policies, log: quiet, recentSignInMs: RECENT_MS, standingLimits: { times: 10, minutes: 60 } },
    clock: { now: () => Date.now() },
    deciderNow: (who) =>
      lost.has(who.subject) ? { ...who, groups: [], roles: [], signInAt: undefined } : { ...who, roles: ['approver'], signInAt: undefined },
  })
}

function restart(): void {
  desk.close()
  db.close()
  open()
}

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  lost.clear()
  inForce = rule
  path = join(temporaryDirectory(), 'host.db')
  open()
})

afterEach(() => {
  desk.close()
  db.close()
  vi.useRealTimers()
})

const approve = (id: number, who: Decider = dana(), more = {}) => desk.decide(id, { decision: 'approve', reason: 'fine', ...more }, who)
const state = (id: number) => desk.read(id)?.state
const late = (row: { open_until: number } | undefined) => (row?.open_until ?? 0) - Date.now()

test('one label can be revealed, if the statement touches it', async () => {
  const asked = desk.ask(request('k1', { verdict: { ...allowed, effect: 'ask', rule, labels: ['pii', 'card'] } }))
  expect(approve(asked.number, dana(), { revealLabels: ['salaries'] })).toMatchObject({ ok: false, problem: 'label' })
  expect(approve(asked.number, dana(), { revealLabels: ['card'] })).toMatchObject({ ok: true, row: { reveal: 1 } })
  expect(await asked.decision).toMatchObject({ reveal: true, revealLabels: ['card'] })
})

test('an approval reaches the waiting client with who and why, and is used once', async () => {
  const asked = desk.ask(request())
  expect(asked.waitMs).toBe(WAIT_MS)
  expect(approve(asked.number, dana(), { maxRows: 12, reveal: true })).toMatchObject({ ok: true })
  expect(await asked.decision).toEqual({
    outcome: 'approved',
    approval: asked.number,
    by: 'Dana',
    reason: 'fine',
    reveal: true,
    maxRows: 12,
  })
  expect(desk.use(asked.number)).toBe(true)
  expect(desk.use(asked.number)).toBe(false)
  expect(state(asked.number)).toBe('used')
})

test('a denial reaches the client, and the same statement sent again asks anew', async () => {
  const asked = desk.ask(request())
  desk.decide(asked.number, { decision: 'deny', reason: 'Narrow it.' }, dana())
  expect(await asked.decision).toEqual({ outcome: 'denied', approval: asked.number, by: 'Dana', reason: 'Narrow it.' })
  expect(desk.use(asked.number)).toBe(false)
  expect(desk.ask(request()).number).not.toBe(asked.number)
})

test('two approvers at once: one decides, the other hears who did', () => {
  const asked = desk.ask(request())
  expect(approve(asked.number)).toMatchObject({ ok: true })
  const second = desk.decide(asked.number, { decision: 'deny', reason: '' }, dana({ subject: 'erik', name: 'Erik' }))
  expect(second).toMatchObject({ ok: false, problem: 'decided', text: expect.stringContaining('Dana has approved') })
  expect(state(asked.number)).toBe('approved')
})

test.each([
  [
    'the requester',
    { subject: 'maya', roles: ['admin', 'approver'] as const },
    'not-yours',
    'This is your own agent. Someone else from dba has to decide.',
  ],
  ['an agent, whatever its groups', { kind: 'agent' as const, roles: ['admin'] as const }, 'not-yours', 'An agent cannot decide'],
  ['a viewer', { roles: ['viewer'] as const }, 'not-yours', 'Deciding needs the role of approver'],
  ['someone whose role was taken away', { roles: [] }, 'not-yours', 'Deciding needs the role of approver'],
  ['an approver of another group', { groups: ['sales'] }, 'not-yours', 'The rule names dba'],
  ['an admin outside the rule’s groups', { groups: ['leads'], roles: ['admin'] as const }, 'not-yours', 'The rule names dba'],
  ['a sign-in of 16 min ago', { signInAt: START - RECENT_MS - 60_000 }, 'sign-in-old', 'Your sign-in is too old'],
  ['a sign-in of unknown time', { signInAt: undefined }, 'sign-in-old', 'Your sign-in is too old'],
])('%s may not decide', (_who, change, problem, text) => {
  const asked = desk.ask(request())
  const result = approve(asked.number, dana(change))
  expect(result).toMatchObject({ ok: false, problem, text: expect.stringContaining(text) })
  expect(state(asked.number)).toBe('pending')
})

test('the same subject at another provider is another person', () => {
  expect(approve(desk.ask(request()).number, dana({ subject: 'maya', issuer: 'https://other.test' }))).toMatchObject({ ok: true })
})

test('nobody decides in time: the client is told, and the request stays open', async () => {
  const asked = desk.ask(request())
  vi.advanceTimersByTime(WAIT_MS)
  expect(await asked.decision).toEqual({ outcome: 'expired', approval: asked.number, openUntil: START + WAIT_MS + OPEN_AFTER_MS })
  expect(state(asked.number)).toBe('pending')
  expect(desk.isWaiting(asked.number)).toBe(false)
})

test('a late approval is found by the same statement of the same person, once, also after a restart', async () => {
  const asked = desk.ask(request())
  vi.advanceTimersByTime(WAIT_MS)
  restart()
  expect(approve(asked.number)).toMatchObject({ ok: true })
  restart()
  const again = desk.ask(request())
  expect(again.number).toBe(asked.number)
  expect(await again.decision).toMatchObject({ outcome: 'approved' })
  expect(desk.use(again.number)).toBe(true)
  expect(desk.ask(request()).number).not.toBe(asked.number)
})

test('another person, connection or text does not find it', () => {
  const asked = desk.ask(request())
  approve(asked.number)
  expect(desk.ask(request('k2')).number).not.toBe(asked.number)
  expect(desk.ask(request('k1', { who: { ...maya, subject: 'other' } })).number).not.toBe(asked.number)
  expect(desk.ask(request('k1', { connection: 'crm' })).number).not.toBe(asked.number)
})

test('after its time a request can neither be decided nor used, even if no timer ran', () => {
  const pending = desk.ask(request('a')).number
  const approved = desk.ask(request('b')).number
  approve(approved)
  const left = Math.max(late(desk.read(pending)), late(desk.read(approved)))
  vi.setSystemTime(Date.now() + left)
  expect(approve(pending)).toMatchObject({ ok: false, problem: 'over' })
  expect(desk.use(approved)).toBe(false)
  vi.advanceTimersByTime(120_000)
  expect([state(pending), state(approved)]).toEqual(['expired', 'expired'])
})

test('several clients wait for one request; it is withdrawn when the last of them cancels', async () => {
  const first = desk.ask(request())
  const second = desk.ask(request('k1', { session: 's2' }))
  expect(second.number).toBe(first.number)
  first.leave(true)
  expect(state(first.number)).toBe('pending')
  second.leave(true)
  expect(state(first.number)).toBe('withdrawn')
  expect(approve(first.number)).toMatchObject({ ok: false, problem: 'over' })
})

test('both waiting clients hear an approval, and only one can use it', async () => {
  const first = desk.ask(request())
  const second = desk.ask(request('k1', { session: 's2' }))
  approve(first.number)
  expect([(await first.decision).outcome, (await second.decision).outcome]).toEqual(['approved', 'approved'])
  expect([desk.use(first.number), desk.use(second.number)].filter(Boolean)).toHaveLength(1)
})

test('a client that only leaves keeps its request open', () => {
  const asked = desk.ask(request())
  asked.leave(false)
  expect(state(asked.number)).toBe('pending')
})

test('the revision goes up with every change, and an old one on screen decides nothing', () => {
  const asked = desk.ask(request())
  const seen = desk.read(asked.number)?.revision ?? 0
  desk.ask(request())
  expect(approve(asked.number, dana(), { revision: seen })).toMatchObject({ ok: false, problem: 'changed' })
  expect(approve(asked.number, dana(), { revision: seen + 1 })).toMatchObject({ ok: true })
  expect(desk.read(asked.number)?.revision).toBe(seen + 2)
})

test('a decision can lower the rule’s ceiling and not raise it', () => {
  const asked = desk.ask(request())
  expect(approve(asked.number, dana(), { maxRows: 101 })).toMatchObject({ ok: false, problem: 'ceiling' })
  expect(approve(asked.number, dana(), { maxRows: 100 })).toMatchObject({ ok: true })
})

test('a store that fails is a refusal for the client, not an approval', () => {
  db.exec('DROP TABLE approvals')
  try {
    desk.ask(request())
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError)
    expect((error as GatewayError).code).toBe('recorder')
  }
})

test('200 requests, each decided by one of two approvers who both try', () => {
  const ids = Array.from({ length: 200 }, (_, i) => desk.ask(request(`many-${i}`)).number)
  const results = ids.flatMap((id) => [approve(id), approve(id, dana({ subject: 'erik', name: 'Erik' }))])
  expect(results.filter((result) => result.ok)).toHaveLength(200)
  expect(desk.countPending()).toBe(0)
})

test('a value that must not be shown is not stored', () => {
  const asked = desk.ask(request('k1', { parameters: [{ text: '078-05-1120', hidden: true }] }))
  expect(desk.read(asked.number)?.detail).not.toContain('078-05-1120')
})

const erik = (change: Partial<Decider> = {}) => dana({ subject: 'erik', name: 'Erik', ...change })
const two: Rule = { ...rule, approvals: 2 }
const askTwo = (key = 'k1') => desk.ask(request(key, { verdict: { ...allowed, effect: 'ask', rule: two } }))

test('the same human does not decide through another identity', () => {
  const byEmail = desk.ask(request('e', { who: { ...maya, verifiedEmail: 'maya@corp.test' } })).number
  const elsewhere = dana({ issuer: 'https://other.test', subject: 'm-77', verifiedEmail: 'maya@corp.test', roles: ['admin', 'approver'] })
  expect(approve(byEmail, elsewhere)).toMatchObject({
    ok: false,
    problem: 'not-yours',
    text: expect.stringContaining('same verified e-mail'),
  })
  expect(approve(byEmail, dana({ verifiedEmail: 'dana@corp.test' }))).toMatchObject({ ok: true })
  const delegated = desk.ask(
    request('d', { who: { ...maya, subject: 'agent-7', onBehalfOf: { issuer: 'https://login.test', subject: 'dana' } } }),
  ).number
  expect(approve(delegated)).toMatchObject({ ok: false, problem: 'not-yours', text: expect.stringContaining('your own agent') })
  expect(approve(delegated, erik())).toMatchObject({ ok: true })
})

test('two have to agree: the client waits for the second, who is another human', async () => {
  const asked = askTwo()
  let settled = false
  void asked.decision.then(() => {
    settled = true
  })
  expect(approve(asked.number, dana({ verifiedEmail: 'dana@corp.test' }), { maxRows: 50, reveal: true })).toMatchObject({
    ok: true,
    row: { state: 'pending', revision: 2 },
  })
  await Promise.resolve()
  expect(settled).toBe(false)
  expect(approve(asked.number)).toMatchObject({ ok: false, problem: 'voted' })
  const same = erik({ verifiedEmail: 'dana@corp.test' })
  expect(approve(asked.number, same)).toMatchObject({ ok: false, problem: 'voted' })
  expect(approve(asked.number, erik(), { maxRows: 80 })).toMatchObject({ ok: true, row: { state: 'approved' } })
  // Only what both gave: the lower ceiling, and no lifted mask.
  expect(await asked.decision).toMatchObject({ outcome: 'approved', by: 'Dana and Erik', maxRows: 50, reveal: false })
})

test('one denial denies, also after another has agreed', async () => {
  const asked = askTwo()
  approve(asked.number)
  desk.decide(asked.number, { decision: 'deny', reason: 'No.' }, erik())
  expect(await asked.decision).toMatchObject({ outcome: 'denied', by: 'Erik' })
})

test('an agreement counts no more when its giver has lost the role before the last one agrees', () => {
  const { number } = askTwo()
  approve(number)
  restart()
  lost.add('dana')
  expect(approve(number, erik())).toMatchObject({ ok: true, row: { state: 'pending' } })
  expect(desk.votes(number).map((vote) => JSON.parse(vote.person).name)).toEqual(['Erik'])
  expect(approve(number, dana({ subject: 'ida', name: 'Ida' }))).toMatchObject({ ok: true, row: { state: 'approved' } })
})

test('every state survives a restart', () => {
  const ids = {
    pending: desk.ask(request('p')).number,
    approved: desk.ask(request('a')).number,
    denied: desk.ask(request('d')).number,
    withdrawn: desk.ask(request('w')),
    used: desk.ask(request('u')).number,
    half: askTwo('h').number,
  }
  approve(ids.approved)
  desk.decide(ids.denied, { decision: 'deny', reason: 'no' }, dana())
  ids.withdrawn.leave(true)
  approve(ids.used)
  desk.use(ids.used)
  approve(ids.half)
  const expired = desk.ask(request('x', { verdict: { ...allowed, effect: 'ask', rule: { ...rule, waitMs: -OPEN_AFTER_MS } } })).number
  vi.advanceTimersByTime(1)
  restart()
  expect(state(ids.pending)).toBe('pending')
  expect(state(ids.approved)).toBe('approved')
  expect(state(ids.denied)).toBe('denied')
  expect(state(ids.withdrawn.number)).toBe('withdrawn')
  expect(state(ids.used)).toBe('used')
  expect(state(expired)).toBe('expired')
  expect(state(ids.half)).toBe('pending')
  // … and each goes on from there, or does not.
  expect(approve(ids.pending)).toMatchObject({ ok: true })
  expect(desk.use(ids.approved)).toBe(true)
  for (const id of [ids.denied, ids.withdrawn.number, ids.used, expired]) {
    expect(approve(id, erik())).toMatchObject({ ok: false })
    expect(desk.use(id)).toBe(false)
  }
  expect(approve(ids.half, erik())).toMatchObject({ ok: true, row: { state: 'approved' } })
})

test('a clock that is set back ends what was approved; set forward, it expires as it would', () => {
  const back = desk.ask(request('b')).number
  approve(back)
  vi.setSystemTime(START - 3_600_000)
  expect(desk.use(back)).toBe(false)
  expect(desk.ask(request('b')).number).not.toBe(back)
  vi.advanceTimersByTime(61_000)
  expect(state(back)).toBe('expired')
  vi.setSystemTime(START)
  const forward = desk.ask(request('f')).number
  approve(forward)
  vi.setSystemTime(START + 24 * 3_600_000)
  expect(desk.use(forward)).toBe(false)
})

test('a sign-in in the future, by the clock of now, is no recent sign-in', () => {
  const { number } = desk.ask(request())
  expect(approve(number, dana({ signInAt: Date.now() + 120_000 }))).toMatchObject({ ok: false, problem: 'sign-in-old' })
})

async function run(key = 'k1'): Promise<{ number: number; standing: unknown } | 'asked'> {
  const asked = desk.ask(request(key))
  if (asked.waitMs > 0) return 'asked'
  const decision = await asked.decision
  expect(desk.use(asked.number)).toBe(true)
  return { number: asked.number, standing: decision.outcome === 'approved' ? decision.standing : undefined }
}

test('a statement that was approved for three times runs three times, each use with its number, also after a restart', async () => {
  const first = desk.ask(request())
  expect(approve(first.number, dana(), { times: 3, maxRows: 5 })).toMatchObject({ ok: true })
  expect(await first.decision).toMatchObject({ standing: { use: 1, of: 3 } })
  expect(desk.use(first.number)).toBe(true)
  restart()
  const [standing] = desk.standing.list({ connection: undefined, ended: false, after: 0, limit: 10 })
  expect(standing).toMatchObject({ used: 1, times: 3, max_rows: 5 })
  expect(await run()).toMatchObject({ standing: { id: standing?.id, use: 2, of: 3 } })
  expect(await run('another text')).toBe('asked')
  expect(await run()).toMatchObject({ standing: { use: 3 } })
  expect(await run()).toBe('asked')
  expect(desk.standing.uses(standing?.id ?? 0).map((one) => one.use)).toEqual([3, 2, 1])
  expect(desk.standing.read(standing?.id ?? 0)?.ended_why).toContain('as often as it was given')
})

test('it stands for another person’s statement never, and for as long as it was given', async () => {
  const first = desk.ask(request())
  approve(first.number, dana(), { forMinutes: 30 })
  desk.use(first.number)
  expect(desk.ask(request('k1', { who: { ...maya, subject: 'other' }, key: 'k-other' })).waitMs).toBeGreaterThan(0)
  vi.advanceTimersByTime(29 * 60_000)
  expect(await run()).not.toBe('asked')
  vi.advanceTimersByTime(2 * 60_000)
  expect(await run()).toBe('asked')
})

test('it ends when it is revoked, when its rule changes, and when its giver loses the role; what was let pass and has not run does not run', () => {
  const give = (key: string) => {
    const { number } = desk.ask(request(key))
    approve(number, dana(), { times: 5 })
    desk.use(number)
    return desk.read(number)?.standing ?? 0
  }
  const revoked = give('r')
  const passed = desk.ask(request('r'))
  expect(passed.waitMs).toBe(0)
  const row = desk.standing.read(revoked)
  expect(row && desk.standing.refuseRevoking(row, dana({ roles: ['viewer'] }))).toContain('role of approver')
  expect(row && desk.standing.refuseRevoking(row, erik({ signInAt: undefined }))).toBeUndefined()
  expect(desk.standing.revoke(revoked, { name: 'Erik', issuer: 'i', subject: 'erik', kind: 'person' }, 'Enough.')).toBe(true)
  expect(desk.use(passed.number)).toBe(false)
  expect(desk.ask(request('r')).waitMs).toBeGreaterThan(0)

  const ruled = give('c')
  inForce = { ...rule, statements: ['write', 'ddl'] }
  desk.standing.sweep()
  expect(desk.standing.read(ruled)?.ended_why).toContain('rule')
  inForce = rule
  const orphan = give('o')
  lost.add('dana')
  expect(desk.ask(request('o')).waitMs).toBeGreaterThan(0)
  expect(desk.standing.read(orphan)?.ended_why).toContain('Dana')
})

test.each([
  ['more times than are allowed', { times: 11 }],
  ['longer than is allowed', { forMinutes: 61 }],
  ['with lifted masks', { times: 2, reveal: true }],
])('nothing is approved in advance %s', (_what, more) => {
  expect(approve(desk.ask(request()).number, dana(), more)).toMatchObject({ ok: false, problem: 'standing' })
})

test('a standing approval lets a hundred at once pass as often as it was given', () => {
  const { number } = desk.ask(request())
  approve(number, dana(), { times: 10 })
  desk.use(number)
  const asked = Array.from({ length: 100 }, () => {
    const one = desk.ask(request())
    return one.waitMs === 0 && desk.use(one.number)
  })
  expect(asked.filter(Boolean)).toHaveLength(9)
})
