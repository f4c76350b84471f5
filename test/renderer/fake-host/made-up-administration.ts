import type { z } from 'zod'
import type { Act, Agent, calls } from '../../../main/contract/index.ts'

const issuer = 'https://login.corp/realms/main'
const person = (name: string, subject: string) => ({ name, issuer, subject, kind: 'person' as const })
const priya = person('Priya Nair', 'priya')
const jonas = person('Jonas Weber', 'jonas')

/** Agents that have been here; the third was paused. */
export function makeAgents(now: number): z.input<(typeof calls)['listAgents']['response']> {
  const agent = (name: string, more: Partial<Agent>): Agent => ({
    name,
    issuer,
    subject: name.toLowerCase().replaceAll(' ', '-'),
    kind: 'agent',
    client: 'cursor-agent',
    onBehalfOf: null,
    groups: ['ai-agents'],
    firstSeen: now - 30 * 86_400_000,
    lastSeen: now,
    liveSessions: [],
    paused: null,
    ...more,
  })
  return {
    items: [
      agent('Maya Lindqvist', {
        onBehalfOf: { issuer, subject: 'maya' },
        groups: ['engineering', 'ai-agents'],
        liveSessions: ['s-1', 's-2'],
      }),
      agent('nightly-report', { client: 'nightly-report', groups: ['ai-agents', 'reports'], liveSessions: ['s-3'] }),
      agent('claude-review', {
        client: 'claude-code',
        lastSeen: now - 42 * 60_000,
        paused: { at: now - 40 * 60_000, by: jonas, reason: 'It asked for every customer’s address twice' },
      }),
      agent('old-import', { client: 'import-script', groups: [], lastSeen: now - 6 * 86_400_000 }),
    ],
    paused: null,
    more: false,
  }
}

/** What people did this week. */
export function makeActs(now: number): Act[] {
  const act = (minutes: number, name: string, by: Act['by'], details: Act['details'], outcome: Act['outcome'] = 'done'): Act => ({
    record: 'host-2026-11-24',
    seq: 400 - minutes,
    at: now - minutes * 60_000,
    act: name,
    outcome,
    by,
    address: by === null ? '' : '10.0.4.17',
    details,
  })
  return [
    act(2, 'approval-decided', jonas, { approval: 215, decision: 'approve', connection: 'shop' }),
    act(14, 'sign-in', jonas, { provider: 'corp' }),
    act(40, 'agents-paused', jonas, { agent: 'claude-review', reason: 'It asked for every customer’s address twice' }),
    act(66, 'configuration-changed', priya, { version: 41, part: 'policies', added: 3, removed: 1, comment: 'At most 200 rows a write' }),
    act(67, 'configuration-changed', jonas, { part: 'policies' }, 'refused'),
    act(95, 'connection-tested', priya, { connection: 'warehouse', step: 'authentication' }, 'failed'),
    act(180, 'session-exported', priya, { session: '01JD2K7', events: 611 }),
    act(300, 'host-started', null, { version: '0.1.0' }),
  ]
}

/** The sections of the configuration that pages read. */
export function makeConfiguration(now: number): z.input<(typeof calls)['readConfiguration']['response']> {
  return {
    version: 41,
    at: now - 66 * 60_000,
    source: 'api',
    author: priya,
    comment: 'At most 1,000 rows a write',
    restored: null,
    inForce: true,
    added: 3,
    removed: 1,
    yaml: YAML,
    json: {
      roles: { admin: ['leads'], approver: ['dba'], viewer: ['engineering'] },
      identity: { providers: [{ name: 'corp', issuer }] },
    },
    fromNextStart: [],
    file: '/etc/sallyport/sallyport.yaml',
  }
}

const YAML = `identity:
  providers:
    - { name: corp, issuer: ${issuer}, audience: sallyport, clientId: sallyport-web }
roles: { admin: [leads], approver: [dba], viewer: [engineering] }
connections:
  - { name: shop, engine: postgres, host: 10.0.0.5, database: shop, user: app_rw, password: "\${env:PASSWORD}", groups: [ai-agents] }
  - { name: warehouse, engine: postgres, host: 10.0.0.9, database: dwh, user: reader, password: "\${env:PASSWORD}", groups: [analytics, ai-agents] }
sensitive:
  - { connection: shop, label: pii, mask: redact, columns: [public.customers.ssn, public.customers.date_of_birth] }
  - { connection: shop, label: contact, mask: partial, columns: [public.customers.email, public.customers.phone] }
policies: # the first rule that matches decides
  - name: agents-on-shop
    groups: [ai-agents]
    connections: [shop]
    rules:
      - { effect: ask, uses: [pii], approvers: [dba], wait: 5m, reason: names a sensitive column outside the select list }
      # catalogs are read by every client
      - { effect: allow, statements: [read, session, transaction], tables: [public.*, billing.*, pg_catalog.*, information_schema.*] }
      - { effect: ask, statements: [write], approvers: [dba], wait: 10m, maxRows: 1000 }
      - { effect: deny, statements: [ddl, privilege, admin, unknown], message: "Schema changes go through migrations." }
  - name: analysts-read-only
    groups: [analytics]
    connections: [shop, warehouse]
    rules:
      - { effect: deny, statements: [write], without: where }
      - { effect: allow, statements: [read], hours: mon-fri 08:00-19:00 }
tests:
  - { statement: "SELECT name FROM customers", as: [ai-agents], connection: shop, expect: allow }
  - { name: no schema changes, statement: "DROP TABLE customers", as: [ai-agents], connection: shop, expect: deny }
  - { name: writes are asked about, statement: "UPDATE customers SET name = 'x' WHERE id = 7", as: [ai-agents], connection: shop, expect: ask }
`
