import type { Facts, RecordedEvent, Session } from '../../../main/contract/index.ts'
import { aiko, jonas, marksOf, maya, nightly, tomas } from './made-up-approvals.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Mix = readonly [allowed: number, held: number, approved: number, denied: number, deniedByPerson: number, lapsed: number]

function session(
  id: string,
  who: Session['who'],
  application: string,
  client: string,
  startedAt: number,
  lasted: number | null,
  mix: Mix,
  rows: number,
  masked: number,
): Session {
  const [allowed, held, approved, denied, deniedByPerson, lapsed] = mix
  return {
    id,
    connection: 'shop',
    who,
    application,
    client,
    clientAddress: '10.1.4.22',
    tls: true,
    startedAt,
    endedAt: lasted === null ? null : startedAt + lasted,
    endReason: lasted === null ? null : 'the client disconnected',
    live: lasted === null,
    statements: mix.reduce((sum, count) => sum + count, 0),
    verdicts: { allowed, held, approved, denied, deniedByPerson, lapsed },
    rows,
    bytes: rows * 120,
    masked,
    untrusted: [],
    excerpt: `SELECT id, [email] FROM customers WHERE email_status = 'bounced'`,
  }
}

export function makeSessions(now: number): Session[] {
  return [
    session('S-20411', maya, 'Cursor 2.4', 'cursor-agent', now - 14 * MINUTE, null, [21, 1, 0, 1, 0, 0], 1204, 312),
    session('S-20412', tomas, 'Claude Code 3.1', 'claude-code', now - 3 * MINUTE, null, [6, 1, 0, 0, 0, 0], 88, 0),
    session('S-20410', aiko, 'psql', 'claude-code', now - 52 * MINUTE, null, [142, 1, 0, 0, 0, 0], 20_418, 6120),
    session('S-20409', maya, 'Cursor 2.4', 'cursor-agent', now - 4 * HOUR, 34 * MINUTE, [80, 0, 2, 2, 1, 0], 3377, 940),
    session('S-20408', nightly, '', 'nightly-report', now - 11 * HOUR, 2 * MINUTE, [38, 0, 0, 0, 0, 0], 98_112, 0),
    session('S-20407', jonas, 'psql 18.1', 'psql', now - 21 * HOUR, 6 * MINUTE, [4, 0, 0, 6, 0, 0], 12, 3),
    session('S-20406', tomas, 'Claude Code 3.1', 'claude-code', now - 22 * HOUR, 41 * MINUTE, [211, 0, 0, 0, 0, 1], 44_902, 12_008),
    session('S-20405', aiko, 'Cursor 2.4', 'cursor-agent', now - 27 * HOUR, 9 * MINUTE, [57, 0, 0, 0, 0, 0], 2260, 411),
    session('S-20404', maya, 'DBeaver 25', 'dbeaver', now - 50 * HOUR, 72 * MINUTE, [402, 0, 0, 0, 0, 0], 8751, 2002),
    session('S-20403', tomas, 'Claude Code 3.1', 'claude-code', now - 74 * HOUR, 27 * MINUTE, [66, 0, 4, 2, 0, 0], 5019, 1330),
    session('S-20402', nightly, '', 'nightly-report', now - 83 * HOUR, 2 * MINUTE, [38, 0, 0, 0, 0, 0], 96_801, 0),
  ]
}

const rule2 = {
  id: 'agents-on-shop/2',
  place: 2,
  reason: null,
  sentence: 'Allows reads, session settings and transaction steps on public.* and billing.*.',
}
const rule3 = { id: 'agents-on-shop/3', place: 3, reason: null, sentence: 'Asks dba about writes; waits 10 min, 1,000 rows at most.' }
const rule4 = {
  id: 'agents-on-shop/4',
  place: 4,
  reason: null,
  sentence: 'Denies schema changes, privilege changes, server administration and anything not known to be harmless.',
}

interface Told {
  readonly at: number
  readonly sql: string
  readonly sentence: string
  readonly ms: number
  readonly columns?: readonly (readonly [string, string])[]
  readonly rows?: (string | null)[][]
  readonly masked?: string[]
  readonly total?: number
  readonly tag?: string
  readonly sqlstate?: string
  readonly parameters?: { text: string | null; hidden: boolean }[]
  readonly denied?: readonly [clause: string, because: string, hint: string]
  readonly asked?: readonly [approval: number, outcome: 'approved' | 'denied' | 'waiting', by: string, reason: string, afterMs: number]
}

const reading: Facts = { verbs: ['read'], relations: [{ name: 'public.customers', access: 'read', via: null }], columns: [], unknown: [] }

/** Twenty minutes of an agent: reads, a masked answer, a refusal with its hint, an approved and a denied write, one that waits. */
export function makeEvents(now: number): RecordedEvent[] {
  const start = now - 14 * MINUTE
  const events: RecordedEvent[] = []
  let seq = 0
  const base = (at: number) => ({ seq: ++seq, at: Math.round(at), hash: seq.toString(16).padStart(64, '0') })
  events.push({
    ...base(start),
    kind: 'opened',
    connection: 'shop',
    who: maya,
    groups: ['engineering', 'ai-agents'],
    client: 'cursor-agent',
    clientAddress: '10.1.4.22',
    application: 'Cursor 2.4',
    tls: true,
  })
  const tell = (statement: number, told: Told) => {
    const { sql } = told
    const at = start + told.at
    events.push({
      ...base(at),
      kind: 'statement',
      statement,
      sentence: told.sentence,
      sql,
      lossy: false,
      parameters: told.parameters ?? [],
      facts: reading,
    })
    const effect = told.denied ? 'deny' : told.asked ? 'ask' : 'allow'
    const clause = told.denied?.[0] ?? (told.asked ? (sql.split(/\s+/).slice(0, 2).join(' ') ?? '') : '')
    events.push({
      ...base(at + 1),
      kind: 'verdict',
      statement,
      effect,
      rule: told.denied ? rule4 : told.asked ? rule3 : rule2,
      policyVersion: '41f09c22b7aa',
      because: told.denied ? [told.denied[1]] : told.asked ? ['UPDATE is a write'] : [],
      marks: [...(clause ? marksOf(sql, [clause, 'rule', 'met the rule']) : []), ...marksOf(sql, ['email', 'label', 'contact'])],
      hint: told.denied?.[2] ?? '',
      labels: [],
    })
    if (told.denied) return
    let sentAt = at + 2
    if (told.asked) {
      const [approval, outcome, by, reason, after] = told.asked
      events.push({ ...base(at + 2), kind: 'asked', statement, approval })
      if (outcome === 'waiting') return
      sentAt = at + after
      events.push({
        ...base(sentAt),
        kind: 'answered',
        statement,
        approval,
        outcome,
        by,
        reason,
        reveal: false,
        maxRows: outcome === 'approved' ? 1000 : null,
      })
      if (outcome === 'denied') return
    }
    events.push({ ...base(sentAt), kind: 'sent', statement })
    const rows = told.rows ?? []
    if (told.columns)
      events.push({
        ...base(sentAt + told.ms - 1),
        kind: 'rows',
        statement,
        columns: told.columns.map(([name, type]) => ({ name, type })),
        rows,
        cut: (told.total ?? rows.length) > rows.length,
        bytes: 612,
      })
    events.push({
      ...base(sentAt + told.ms),
      kind: 'finished',
      statement,
      rows: told.total ?? rows.length,
      bytes: 612,
      ms: told.ms,
      sqlstate: told.sqlstate ?? null,
      tag: told.tag ?? `SELECT ${told.total ?? rows.length}`,
      masked: told.masked ?? [],
    })
  }
  const people = [
    ['1042', 'Ines Carvalho', '****.com', '****4471', 'Porto', 'ok'],
    ['1187', 'Oskar Brandt', '*redacted*', '****0082', 'Leipzig', 'ok'],
    ['2310', 'Hana Sýkorová', '****.com', '****7719', 'Brno', 'ok'],
    ['2944', 'Liam O’Connor', '****.com', '****3305', 'Cork', 'ok'],
    ['3020', 'Amara Okafor', '****.com', null, 'Lagos', 'ok'],
    ['3391', 'Jun Watanabe', '****.com', '****1264', 'Osaka', 'ok'],
  ]
  const columns = [
    ['id', 'bigint'],
    ['full_name', 'text'],
    ['email', 'text'],
    ['phone', 'text'],
    ['city', 'text'],
    ['email_status', 'text'],
  ] as const
  tell(1, {
    at: 2000,
    sql: 'SELECT version()',
    sentence: 'Reads the server’s version.',
    ms: 2,
    columns: [['version', 'text']],
    rows: [['PostgreSQL 18.4']],
  })
  tell(2, {
    at: 9000,
    sql: "SELECT id, full_name, email, phone, city, email_status\n  FROM customers\n WHERE email_status = 'bounced'\n LIMIT 400",
    sentence: 'Reads customers, choosing rows by email_status.',
    ms: 140,
    columns,
    rows: people,
    total: 20_418,
    masked: ['email', 'phone'],
  })
  tell(3, {
    at: 21_000,
    sql: 'ALTER TABLE customers\n  ADD COLUMN email_checked boolean DEFAULT false',
    sentence: 'Alters a table: customers.',
    ms: 0,
    denied: [
      'ALTER TABLE customers',
      'ALTER TABLE is a schema change',
      'Schema changes go through migrations. Write one in db/migrations instead.',
    ],
  })
  tell(4, {
    at: 64_000,
    sql: "UPDATE customers\n   SET email = $1, email_status = 'ok'\n WHERE id = ANY($2)\nRETURNING id, full_name, email, phone, city, email_status",
    sentence: 'Changes rows of customers chosen by id: sets email and email_status.',
    ms: 14,
    columns,
    rows: people,
    masked: ['email', 'phone'],
    tag: 'UPDATE 6',
    parameters: [
      { text: null, hidden: true },
      { text: '{1042,1187,2310,2944,3020,3391}', hidden: false },
    ],
    asked: [211, 'approved', 'Priya Nair', 'Six rows, all from ticket 4821.', 21_000],
  })
  tell(5, {
    at: 96_000,
    sql: 'SELECT count(*) FROM ordrs',
    sentence: 'Reads a table that is not there.',
    ms: 3,
    sqlstate: '42P01',
    tag: '',
  })
  for (let each = 6; each < 22; each++)
    tell(each, {
      at: 100_000 + each * 4200,
      sql: `SELECT status, count(*) FROM orders WHERE placed_at >= '2026-11-${String(each).padStart(2, '0')}' GROUP BY status`,
      sentence: 'Reads orders.',
      ms: 8 + ((each * 37) % 90) * 20,
      columns: [
        ['status', 'order_status'],
        ['count', 'bigint'],
      ],
      rows: [
        ['paid', String(each * 311)],
        ['shipped', String(each * 97)],
        [null, '2'],
      ],
    })
  tell(22, {
    at: 8 * MINUTE,
    sql: "UPDATE customers SET tier = 'gold'",
    sentence: 'Changes all rows of customers: sets tier.',
    ms: 0,
    asked: [216, 'denied', 'Priya Nair', 'Add a WHERE.', 34_000],
  })
  tell(23, {
    at: 12.6 * MINUTE,
    sql: "UPDATE customers c\n   SET email = b.corrected,\n       email_status = 'ok'\n  FROM staging.bounces b\n WHERE b.customer_id = c.id AND b.confirmed",
    sentence: 'Changes rows of customers chosen by confirmed: sets email and email_status.',
    ms: 0,
    asked: [218, 'waiting', '', '', 0],
  })
  return events
}
