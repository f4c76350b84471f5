import type { ChangeLine } from '../ui/parts/review-change.tsx'

/** One entry of `connections` as it stands in the configuration. */
export type ConnectionSource = Readonly<Record<string, unknown>>

/** The fields of the form, all as text. */
export interface ConnectionFields {
  readonly name: string
  readonly host: string
  readonly port: string
  readonly database: string
  readonly user: string
  /** Written out; empty: what is kept stays. */
  readonly password: string
  readonly tls: string
  readonly ca: string
  readonly groups: string
  readonly statementTimeout: string
  readonly rows: string
  readonly resultBytes: string
  readonly connectionsPerPerson: string
  readonly budgetStatements: string
  readonly budgetRows: string
  readonly budgetBytes: string
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const mapOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {})

export function fieldsOf(source: ConnectionSource): ConnectionFields {
  const limits = mapOf(source['limits'])
  const budget = mapOf(limits['budget'])
  return {
    name: text(source['name']),
    host: text(source['host']),
    port: text(source['port']) || '5432',
    database: text(source['database']),
    user: text(source['user']),
    password: '',
    tls: text(source['tls']) || 'verify-full',
    ca: text(source['ca']),
    groups: Array.isArray(source['groups']) ? source['groups'].map(text).join(', ') : '',
    statementTimeout: text(limits['statementTimeout']),
    rows: text(limits['rows']),
    resultBytes: text(limits['resultBytes']),
    connectionsPerPerson: text(limits['connectionsPerPerson']),
    budgetStatements: text(budget['statements']),
    budgetRows: text(budget['rows']),
    budgetBytes: text(budget['bytes']),
  }
}

const count = (value: string) => (/^\d+$/.test(value.trim()) ? Number(value.trim()) : value.trim())
const filled = (entries: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '' && value !== undefined))

/** The entry with the form's fields; what the form does not know stays as it was. An empty field leaves its key out, so that the default holds. */
export function sourceWith(before: ConnectionSource, fields: ConnectionFields): ConnectionSource {
  const budget = filled({
    ...mapOf(mapOf(before['limits'])['budget']),
    statements: count(fields.budgetStatements),
    rows: count(fields.budgetRows),
    bytes: fields.budgetBytes.trim(),
  })
  const limits = filled({
    ...mapOf(before['limits']),
    statementTimeout: fields.statementTimeout.trim(),
    rows: count(fields.rows),
    resultBytes: fields.resultBytes.trim(),
    connectionsPerPerson: count(fields.connectionsPerPerson),
    budget: Object.keys(budget).length > 0 ? budget : undefined,
  })
  const groups = fields.groups
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '')
  return filled({
    ...before,
    name: fields.name.trim(),
    engine: before['engine'] ?? 'postgres',
    host: fields.host.trim(),
    port: count(fields.port),
    database: fields.database.trim(),
    user: fields.user.trim(),
    ...(fields.password === '' ? {} : { password: fields.password }),
    tls: fields.tls,
    ca: fields.ca.trim(),
    groups,
    limits: Object.keys(limits).length > 0 ? limits : undefined,
  })
}

const WORDS: Readonly<Record<keyof ConnectionFields, string>> = {
  name: 'name',
  host: 'host',
  port: 'port',
  database: 'database',
  user: 'role',
  password: 'password',
  tls: 'TLS',
  ca: 'certificate authority',
  groups: 'groups',
  statementTimeout: 'statement timeout',
  rows: 'rows',
  resultBytes: 'result size',
  connectionsPerPerson: 'connections per person',
  budgetStatements: 'statements an hour',
  budgetRows: 'rows an hour',
  budgetBytes: 'bytes an hour',
}

/** What the form changes, a line each. A password is only said to be written. */
export function describeConnection(before: ConnectionSource | undefined, fields: ConnectionFields): ChangeLine[] {
  if (before === undefined)
    return [
      {
        kind: 'added',
        text: `${fields.name}: ${fields.user} at ${fields.host}:${fields.port}/${fields.database}, open to ${fields.groups}${fields.password === '' ? '; it has no password yet' : '; its password is kept in the vault'}`,
      },
    ]
  const was = fieldsOf(before)
  const lines: ChangeLine[] = []
  for (const key of Object.keys(WORDS) as (keyof ConnectionFields)[]) {
    if (was[key].trim() === fields[key].trim()) continue
    if (key === 'password') lines.push({ kind: 'changed', text: `${fields.name}: another password, kept in the vault` })
    else if (fields[key] === '')
      lines.push({ kind: 'removed', text: `${fields.name}: ${WORDS[key]} is no longer ${was[key]}; the default holds` })
    else
      lines.push({
        kind: 'changed',
        text: `${fields.name}: ${WORDS[key]} is ${fields[key]}${was[key] === '' ? '' : `; it was ${was[key]}`}`,
      })
  }
  return lines
}
