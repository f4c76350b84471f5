import type { z } from 'zod'
import type { BuiltInPatterns, CatalogTable, Connection, calls, Masking, TeamFunction } from '../../../main/contract/index.ts'

type Answer<Name extends keyof typeof calls> = z.input<(typeof calls)[Name]['response']>
type Column = CatalogTable['columns'][number]

const TEXT = ['redact', 'partial', 'null', 'token'] as const
const OTHER = ['redact', 'null'] as const

function column(name: string, type: string, more: Partial<Column> = {}): Column {
  const forms =
    type === 'text' ? [...TEXT] : type === 'uuid' || type === 'jsonb' ? ['redact' as const, 'null' as const, 'token' as const] : [...OTHER]
  return { name, type, label: null, form: null, forms, looksLike: null, suggestedLabel: null, ...more }
}

const table = (schema: string, name: string, columns: Column[], more: Partial<CatalogTable> = {}): CatalogTable => ({
  schema,
  name,
  kind: 'table',
  untrusted: false,
  columns,
  ...more,
})

const id = column('id', 'int8')

/** What the shop holds, with the labels of `makeMasking`. */
export function makeCatalog(connection: string): Answer<'catalog'> {
  if (connection !== 'shop')
    return { connection, tables: [table('public', 'facts', [id, column('amount', 'numeric'), column('day', 'date')])] }
  return {
    connection,
    tables: [
      table('billing', 'invoices', [id, column('total', 'numeric'), column('issued', 'date')]),
      table('billing', 'payments', [id, column('card', 'text', { label: 'card', form: 'token' }), column('amount', 'numeric')]),
      table('billing', 'payout_accounts', [
        id,
        column('iban', 'text', { looksLike: 'a bank account', suggestedLabel: 'bank' }),
        column('holder', 'text', { looksLike: 'a person’s name', suggestedLabel: 'pii' }),
      ]),
      table('public', 'addresses', [
        id,
        column('street', 'text', { looksLike: 'an address', suggestedLabel: 'contact' }),
        column('city', 'text'),
      ]),
      table('public', 'carts', [id, column('created_at', 'timestamptz')]),
      table('public', 'customers', [
        id,
        column('full_name', 'text', { looksLike: 'a person’s name', suggestedLabel: 'pii' }),
        column('email', 'text', { label: 'contact', form: 'partial' }),
        column('phone', 'text', { label: 'contact', form: 'partial' }),
        column('ssn', 'text', { label: 'pii', form: 'redact' }),
        column('date_of_birth', 'date', { looksLike: 'a date of birth', suggestedLabel: 'pii' }),
        column('city', 'text'),
        column('country', 'bpchar'),
        column('notes', 'text'),
        column('email_status', 'text'),
        column('created_at', 'timestamptz'),
      ]),
      table('public', 'orders', [id, column('total', 'numeric'), column('status', 'order_status'), column('created_at', 'timestamptz')]),
      table('public', 'support_tickets', [id, column('body', 'text'), column('customer_id', 'int8')], { untrusted: true }),
      table('staff', 'employees', [
        id,
        column('home_phone', 'text', { label: 'pii', form: 'redact' }),
        column('salary', 'numeric', { looksLike: 'what somebody earns', suggestedLabel: 'money' }),
      ]),
      table('staff', 'directory', [column('name', 'text', { looksLike: 'a person’s name', suggestedLabel: 'pii' })], { kind: 'view' }),
    ],
  }
}

/** Five thousand columns over two hundred tables. */
export function makeHugeCatalog(connection: string): Answer<'catalog'> {
  const tables = Array.from({ length: 50 }, (_, at) =>
    table(
      'warehouse',
      `facts_${String(at).padStart(3, '0')}`,
      Array.from({ length: 100 }, (_, each) => column(`measure_${each}`, 'numeric')),
    ),
  )
  return { connection, tables }
}

export function makePreview(body: unknown): Answer<'previewMasking'> {
  const { table: name, before } = body as { table: string; before: boolean }
  const found = makeCatalog('shop').tables.find((one) => `${one.schema}.${one.name}` === name)
  const columns = found?.columns ?? []
  const rows = [4471, 82, 7719].map((seed) =>
    columns.map(({ type }) => (type === 'text' ? `+351 21 555 ${String(seed).padStart(4, '0')}` : String(seed))),
  )
  return {
    table: name,
    columns: columns.map(({ name: own, type, label, form }) => ({ name: own, type, label, form, note: null })),
    patterns: ['credit_card', 'api_key'],
    masked: ['contact'],
    before: before ? [...rows, columns.map(() => null)] : null,
    after: [...rows.map((row) => row.map((value, at) => (columns[at]?.label ? `****${value.slice(-4)}` : value))), columns.map(() => null)],
    policyVersion: '7',
  }
}

export const builtInPatterns: BuiltInPatterns = {
  items: [
    {
      name: 'credit_card',
      what: 'payment card numbers: 13–19 digits, a known issuer and a valid check digit',
      falsePositives: 'of 100,000 random numbers of 16 digits 3,100; none of dates, phones, ids of 9–12 digits',
    },
    { name: 'ssn', what: 'US Social Security numbers and ITINs', falsePositives: 'none of random ids, dates and phones' },
    {
      name: 'api_key',
      what: 'keys and tokens of 60 vendors, known by their prefix',
      falsePositives: 'none of random ids, uuids and hashes',
    },
    { name: 'email', what: 'mail addresses', falsePositives: 'low; package names such as a@1.2.3 count' },
    { name: 'iban', what: 'international bank account numbers', falsePositives: 'none of random ids' },
  ],
}

export function makeHits(body: unknown): Answer<'testPatterns'> {
  const { text } = body as { text: string }
  const start = text.indexOf('4111')
  return { hits: start < 0 ? [] : [{ start, end: start + 19, pattern: 'credit_card', replacement: '****1111' }] }
}

export function makeFollowed(): Answer<'followedLabels'> {
  const at = new Date(Date.now() - 3 * 3_600_000).toISOString()
  const base = { connection: 'shop', session: 'S-20411', at }
  return {
    items: [
      {
        ...base,
        id: 2,
        label: 'contact',
        mask: 'partial',
        column: 'public.mailing_backup.email',
        why: 'copied',
        source: 'public.customers.email',
        plain: true,
      },
      {
        ...base,
        id: 1,
        label: 'pii',
        mask: 'redact',
        column: 'public.customers.ssn_old',
        why: 'renamed',
        source: 'public.customers.ssn',
        plain: true,
        session: null,
      },
    ],
  }
}

/** The masking with its sections as the configuration has them. */
export function withSource(masking: Masking): Masking {
  return {
    ...masking,
    source: {
      sensitive: masking.labels.map(({ connection, label, mask, predicates, columns }) => ({
        connection,
        label,
        mask,
        ...(predicates ? { predicates } : {}),
        columns,
      })),
      untrusted: masking.untrusted.map((one) => ({ ...one })),
      patterns: masking.patterns.map(({ name, mask, regex }) => ({ name, mask, ...(regex === null ? {} : { regex }) })),
      vouched: [],
    },
  }
}

export const sourceOf = ({ name, engine, host, port, database, user, tls, groups }: Connection) => ({
  name,
  engine,
  host,
  port,
  database,
  user,
  password: `\${env:${name.toUpperCase()}_PASSWORD}`,
  tls,
  groups,
})

/** How a test goes. `wrong`: the password is. */
export function makeTest(wrong: boolean): Answer<'testConnection'> {
  const step = (name: 'name' | 'tcp' | 'tls' | 'authentication' | 'database' | 'privileges', message: string, more = {}) => ({
    step: name,
    state: 'ok' as const,
    ms: 3,
    message,
    todo: '',
    ...more,
  })
  const reached = [
    step('name', '10.0.0.5 is an address'),
    step('tcp', 'Port 5432 answers'),
    step('tls', 'TLS 1.3, the certificate is for this name'),
  ]
  if (wrong)
    return {
      ok: false,
      steps: [
        ...reached,
        step('authentication', 'The server refused the password of app_rw', {
          state: 'failed',
          todo: 'Write the credential anew, or give the role this password: ALTER ROLE app_rw PASSWORD …',
        }),
        step('database', 'Not reached', { state: 'skipped' }),
        step('privileges', 'Not reached', { state: 'skipped' }),
      ],
      warnings: [],
      server: null,
    }
  return {
    ok: true,
    steps: [
      ...reached,
      step('authentication', 'app_rw is let in (SCRAM-SHA-256)'),
      step('database', 'shop is there'),
      step('privileges', 'It reads 14 tables and writes 9'),
    ],
    warnings: [
      { right: 'bypassrls', message: 'app_rw goes round row-level security.', todo: 'ALTER ROLE app_rw NOBYPASSRLS' },
      { right: 'pg_read_server_files', message: 'app_rw can read files of the server.', todo: 'REVOKE pg_read_server_files FROM app_rw' },
    ],
    server: 'PostgreSQL 18.4',
  }
}

export function makeFunctions(): TeamFunction[] {
  const does = {
    verbs: ['read' as const],
    relations: [{ name: 'public.customers', access: 'read' as const }],
    columns: ['public.customers.email'],
    calls: [],
    unread: null,
  }
  const base = {
    kind: 'function' as const,
    language: 'sql',
    volatility: 'stable' as const,
    securityDefiner: false,
    runsOn: [],
    vouch: null,
  }
  return [
    {
      ...base,
      oid: 17001,
      signature: 'public.customer_email(bigint)',
      source: 'SELECT email FROM public.customers WHERE id = $1',
      sha256: 'a'.repeat(64),
      does,
      state: 'not',
    },
    {
      ...base,
      oid: 17002,
      signature: 'public.touch_customer(integer)',
      language: 'plpgsql',
      volatility: 'volatile',
      securityDefiner: true,
      source: 'BEGIN\n  UPDATE public.customers SET seen_at = now() WHERE id = $1;\nEND',
      sha256: 'b'.repeat(64),
      does: {
        ...does,
        verbs: ['write'],
        relations: [{ name: 'public.customers', access: 'write' }],
        unread: 'a statement is put together while it runs',
      },
      runsOn: [{ kind: 'trigger', name: 'customers_seen', table: 'public.customers' }],
      state: 'changed',
    },
  ]
}
