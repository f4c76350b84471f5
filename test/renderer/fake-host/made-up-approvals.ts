import type { Approval, Mark, Person } from '../../../main/contract/index.ts'

const issuer = 'https://login.corp/realms/main'
const person = (name: string, kind: Person['kind'] = 'person'): Person => ({
  name,
  issuer,
  subject: name.toLowerCase().replace(/\s/g, '.'),
  kind,
})

export const maya = person('Maya Lindqvist')
export const tomas = person('Tomás Rivera')
export const aiko = person('Aiko Tanaka')
export const jonas = person('Jonas Weber')
export const nightly = person('nightly-report', 'agent')
const priya: Person = { name: 'Priya Nair', issuer, subject: 'priya', kind: 'person' }

/** Marks by the text that they cover, at its first place. */
export function marksOf(sql: string, ...marks: readonly (readonly [text: string, kind: Mark['kind'], why: string])[]): Mark[] {
  return marks.flatMap(([text, kind, why]) => {
    const start = sql.indexOf(text)
    return start < 0 ? [] : [{ start, end: start + text.length, kind, text: why }]
  })
}

const writeRule = {
  id: 'agents-on-shop/3',
  place: 3,
  reason: null,
  sentence: 'Asks dba about writes; waits 10 min, 1,000 rows at most.',
}
const useRule = {
  id: 'agents-on-shop/1',
  place: 1,
  reason: 'names a sensitive column outside the select list',
  sentence: 'Asks dba about every statement using pii outside the select list; waits 5 min.',
}

const update = `UPDATE customers c
   SET email = b.corrected,
       email_status = 'ok'
  FROM staging.bounces b
 WHERE b.customer_id = c.id AND b.confirmed`
const byLabel = `SELECT count(*), sum(o.total)
  FROM customers c JOIN orders o ON o.customer_id = c.id
 WHERE c.ssn = $1`
const remove = "DELETE FROM carts WHERE updated_at < now() - '90 days'::interval"

/** One to start from; a test changes what it is about. */
export function makeApproval(now: number, changes: Partial<Approval> = {}): Approval {
  return {
    id: 218,
    revision: 1,
    state: 'pending',
    sentence: 'Changes 12 rows of customers: sets email and email_status.',
    warnings: [],
    sql: update,
    marks: marksOf(update, ['UPDATE customers', 'rule', 'it is a write'], ['email', 'label', 'contact']),
    parameters: [],
    requester: maya,
    application: 'Cursor 2.4',
    client: 'cursor-agent',
    connection: 'shop',
    rule: writeRule,
    because: ['UPDATE is a write'],
    facts: {
      verbs: ['read', 'write'],
      relations: [
        { name: 'public.customers', access: 'write', via: null },
        { name: 'staging.bounces', access: 'read', via: null },
      ],
      columns: [
        { name: 'public.customers.email', how: 'uses', label: 'contact' },
        { name: 'public.customers.email_status', how: 'uses', label: null },
        { name: 'staging.bounces.customer_id', how: 'uses', label: null },
        { name: 'staging.bounces.corrected', how: 'uses', label: null },
        { name: 'staging.bounces.confirmed', how: 'uses', label: null },
      ],
      unknown: [],
    },
    labels: ['contact'],
    maxRows: 1000,
    approvers: ['dba'],
    hidden: [],
    prepared: [],
    revealable: ['contact'],
    needs: { approvals: 1, given: [] },
    preview: {
      state: 'ready',
      note: null,
      at: now - 78_000,
      plan: [
        'Update on customers c  (cost=3.52..9.10 rows=0)',
        '  ->  Hash Join  (cost=3.52..9.10 rows=14)',
        '        Hash Cond: (c.id = b.customer_id)',
        '        ->  Seq Scan on customers c  (rows=210)',
        '        ->  Hash  (rows=14)',
        '              ->  Seq Scan on bounces b  (rows=14)',
        '                    Filter: confirmed',
      ],
      estimatedRows: 14,
      exactRows: 12,
      moreThanRows: null,
      countNote: null,
      overCeiling: false,
      rows: {
        columns: [
          { name: 'id', label: null, changed: false },
          { name: 'email', label: 'contact', changed: true },
          { name: 'email_status', label: null, changed: true },
        ],
        items: [
          { before: ['1042', '****.con', 'bounced'], after: ['1042', '****.com', 'ok'] },
          { before: ['1187', '****mail', 'bounced'], after: ['1187', '****.com', 'ok'] },
          { before: ['2310', '****.con', null], after: ['2310', '****.com', 'ok'] },
        ],
        moreRows: true,
        moreColumns: false,
        masked: ['contact'],
      },
      rowsNote: null,
      rehearsal: null,
      whyNoRehearsal: null,
    },
    history: {
      statements: 22,
      allowed: 21,
      held: 0,
      denied: 1,
      recent: Array.from({ length: 18 }, (_, at) => ({
        statement: 5 + at,
        at: now - 840_000 + at * 40_000,
        effect: at === 6 ? ('deny' as const) : ('allow' as const),
        sentence: at === 6 ? 'Alters a table: customers.' : 'Reads customers, choosing by email_status.',
      })),
    },
    untrusted: [],
    statedReason: { text: 'Fix bounced addresses from ticket 4821', from: 'comment' },
    standingLimits: { times: 100, minutes: 480 },
    standing: null,
    askedAt: now - 79_000,
    waitUntil: now + 521_000,
    openUntil: now + 1_421_000,
    waiting: true,
    decision: null,
    sessionId: 'S-20411',
    statement: 4,
    mayDecide: true,
    whyNot: null,
    ...changes,
  }
}

function decided(
  now: number,
  id: number,
  ago: number,
  changes: Partial<Approval>,
  decision: 'approve' | 'deny',
  by: Person,
  reason: string,
) {
  return makeApproval(now, {
    id,
    revision: 2,
    askedAt: now - ago - 60_000,
    waitUntil: now - ago + 300_000,
    waiting: false,
    decision: { decision, by, reason, at: now - ago, reveal: false },
    ...changes,
  })
}

export function makeApprovals(now: number): Approval[] {
  return [
    decided(
      now,
      214,
      14 * 60_000,
      { state: 'used', sentence: 'Changes rows of products chosen by sku: sets price.' },
      'approve',
      priya,
      '',
    ),
    makeApproval(now, {
      id: 215,
      revision: 2,
      state: 'expired',
      waiting: false,
      sentence: 'Adds rows to coupons.',
      askedAt: now - 21 * 60_000,
      waitUntil: now - 11 * 60_000,
      openUntil: now - 60_000,
    }),
    decided(
      now,
      216,
      6 * 60_000,
      { state: 'denied', sentence: 'Changes all rows of customers: sets tier.' },
      'deny',
      priya,
      'Add a WHERE.',
    ),
    decided(
      now,
      217,
      2 * 60_000,
      { state: 'used', sentence: 'Changes rows of orders chosen by id: sets status.' },
      'approve',
      jonas,
      'Matches ticket 4821.',
    ),
    makeApproval(now, {
      warnings: ['Untrusted text was read 2 min before this. Such text can carry orders to an agent.'],
      untrusted: [{ table: 'public.support_tickets', statement: 2, at: now - 200_000 }],
    }),
    makeApproval(now, {
      id: 219,
      sentence: 'Reads customers and orders, choosing rows by ssn.',
      sql: byLabel,
      marks: marksOf(byLabel, ['c.ssn = $1', 'rule', 'uses pii'], ['c.ssn', 'label', 'pii']),
      warnings: ['No pii is shown, but the answer can tell whether one matches.'],
      parameters: [{ text: null, hidden: true }],
      requester: tomas,
      application: 'Claude Code 3.1',
      client: 'claude-code',
      rule: useRule,
      because: ['ssn is compared in WHERE'],
      facts: {
        verbs: ['read'],
        relations: [
          { name: 'public.customers', access: 'read', via: null },
          { name: 'public.orders', access: 'read', via: null },
        ],
        columns: [
          { name: 'public.customers.ssn', how: 'uses', label: 'pii' },
          { name: 'public.customers.id', how: 'uses', label: null },
          { name: 'public.orders.customer_id', how: 'uses', label: null },
          { name: 'public.orders.total', how: 'uses', label: null },
        ],
        unknown: [],
      },
      labels: ['pii'],
      preview: {
        ...makeApproval(now).preview,
        plan: ['Aggregate  (rows=1)', '  ->  Nested Loop  (rows=3)', '        ->  Seq Scan on customers c  (rows=48200)'],
        exactRows: null,
        estimatedRows: 1,
        rows: null,
        rowsNote: 'It changes none.',
        whyNoRehearsal: 'A read has nothing to rehearse.',
      },
      revealable: ['pii'],
      statedReason: { text: 'Check if duplicate accounts overlap', from: 'comment' },
      maxRows: null,
      askedAt: now - 32_000,
      waitUntil: now + 268_000,
    }),
    makeApproval(now, {
      id: 220,
      sentence: 'Deletes 840 rows of carts chosen by updated_at.',
      sql: remove,
      marks: marksOf(remove, ['DELETE FROM carts', 'rule', 'it is a write']),
      requester: aiko,
      application: 'psql',
      client: 'claude-code',
      because: ['DELETE is a write'],
      facts: {
        verbs: ['read', 'write'],
        relations: [{ name: 'public.carts', access: 'write', via: null }],
        columns: [{ name: 'public.carts.updated_at', how: 'uses', label: null }],
        unknown: [],
      },
      labels: [],
      revealable: [],
      preview: {
        ...makeApproval(now).preview,
        plan: ['Delete on carts', '  ->  Seq Scan on carts  (rows=840)'],
        estimatedRows: 812,
        exactRows: 840,
        rows: {
          columns: [
            { name: 'id', label: null, changed: false },
            { name: 'customer_id', label: null, changed: false },
            { name: 'updated_at', label: null, changed: false },
          ],
          items: [
            { before: ['17', '1042', '2026-06-02 11:20:31'], after: null },
            { before: ['23', '1187', '2026-07-14 09:02:10'], after: null },
          ],
          moreRows: true,
          moreColumns: false,
          masked: [],
        },
      },
      statedReason: null,
      askedAt: now - 5000,
      waitUntil: now + 595_000,
    }),
  ]
}
