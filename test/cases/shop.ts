import { buildCatalog } from '../../proxy/catalog/build.ts'
import { builtinTypes } from '../../proxy/catalog/builtin-types.ts'
import type { Catalog, FunctionInfo, Relation, TypeInfo } from '../../proxy/catalog/catalog.ts'
import { makeRelation } from '../../proxy/catalog/relation.ts'
import { classedNames } from '../../proxy/statement/functions/classify.ts'

const T = { int: 23, text: 25, numeric: 1700, timestamptz: 1184, jsonb: 3802, name: 19, oid: 26, bool: 16, date: 1082 }

let nextOid = 16384

function table(name: string, columns: Record<string, number>, more: Partial<Parameters<typeof makeRelation>[0]> = {}): Relation {
  const [schema = '', relation = ''] = name.split('.')
  nextOid += 2
  return makeRelation({
    oid: nextOid,
    rowType: nextOid + 1,
    schema,
    name: relation,
    kind: 'r',
    system: false,
    columns: Object.entries(columns).map(([column, type], place) => ({ attnum: place + 1, name: column, type, remoteName: undefined })),
    ...more,
  })
}

const system = (name: string, oid: number, columns: Record<string, number>, kind: 'r' | 'v' = 'r'): Relation =>
  table(name, columns, { oid, system: true, kind, rowType: 0 })

const rowTypeOf = (relation: Relation): TypeInfo => ({
  oid: relation.rowType,
  schema: relation.schema,
  name: relation.name,
  kind: 'composite',
  array: 0,
  relation: relation.oid,
  category: 'C',
  runsCode: false,
  system: false,
  extension: undefined,
})

export const SENSITIVE = [
  'public.customers.ssn',
  'public.customers.card_number',
  'public.employees.salary',
  'public.employees.diagnosis',
  'billing.payments.card',
  'private.notes.body',
]

/** A small shop, as a catalog: tables, views upon views, partitions, a team's own functions, operator, cast and domain. */
export function shopCatalog(change: { systemFirst?: boolean } = {}): Catalog {
  nextOid = 16384
  const customers = table('public.customers', { id: T.int, name: T.text, city: T.text, ssn: T.text, card_number: T.text, profile: T.jsonb })
  const employees = table('public.employees', {
    id: T.int,
    full_name: T.text,
    department: T.text,
    salary: T.numeric,
    diagnosis: T.text,
    manager_id: T.int,
  })
  const orders = table('public.orders', { id: T.int, customer_id: T.int, status: T.text, total: T.numeric, placed_at: T.timestamptz })
  const payments = table(
    'billing.payments',
    { id: T.int, customer_id: T.int, amount: T.numeric, card: T.text, paid_at: T.date },
    { kind: 'p', children: [30001] },
  )
  const part = table(
    'billing.payments_2024',
    { id: T.int, customer_id: T.int, amount: T.numeric, card: T.text, paid_at: T.date },
    { oid: 30001, parents: [payments.oid] },
  )
  const audit = table('public.audit', { id: T.int, at: T.timestamptz, actor: T.text })
  const notes = table('public.notes', { id: T.int, author: T.text, body: T.text })
  const secretNotes = table('private.notes', { id: T.int, author: T.text, body: T.text })
  const tax = table(
    'billing.tax_forms',
    { id: T.int, ssn: T.text },
    { foreignKeys: [{ columns: [2], target: customers.oid, targetColumns: [4] }] },
  )
  const remote = makeRelation({
    oid: 30010,
    schema: 'public',
    name: 'remote_customers',
    kind: 'f',
    rowType: 0,
    system: false,
    remote: 'public.customers',
    columns: [
      { attnum: 1, name: 'id', type: T.int, remoteName: undefined },
      { attnum: 2, name: 'national_no', type: T.text, remoteName: 'ssn' },
    ],
  })
  const view = (name: string, columns: Record<string, number>, definition: string, kind: 'v' | 'm' = 'v') =>
    table(name, columns, { kind, definition })
  const views = [
    view(
      'public.v_staff',
      { id: T.int, who: T.text, remark: T.text },
      'SELECT id, full_name AS who, diagnosis AS remark FROM public.employees',
    ),
    view('public.v_short', { label: T.text, detail: T.text }, 'SELECT who AS label, remark AS detail FROM public.v_staff'),
    view('public.v_keys', { id: T.int, key: T.text }, 'SELECT id, reverse(card) AS key FROM billing.payments'),
    view('public.v_watch', { id: T.int }, "SELECT id FROM public.customers WHERE ssn = '1'"),
    view('public.v_cities', { city: T.text, n: 20 }, 'SELECT city, count(*) AS n FROM public.customers GROUP BY city'),
    view('public.v_touch', { t: T.int }, 'SELECT public.touch_customer(id) AS t FROM public.orders'),
    view(
      'public.mv_top',
      { department: T.text, top: T.numeric },
      'SELECT department, max(salary) AS top FROM public.employees GROUP BY department',
      'm',
    ),
  ]
  const own = [
    system('pg_catalog.pg_class', 1259, { oid: T.oid, relname: T.name, relnamespace: T.oid, relkind: 18, relowner: T.oid, reltuples: 700 }),
    system('pg_catalog.pg_namespace', 2615, { oid: T.oid, nspname: T.name, nspowner: T.oid }),
    system('pg_catalog.pg_attribute', 1249, {
      attrelid: T.oid,
      attname: T.name,
      atttypid: T.oid,
      attnum: 21,
      attisdropped: T.bool,
      atthasdef: T.bool,
    }),
    system('pg_catalog.pg_attrdef', 2604, { oid: T.oid, adrelid: T.oid, adnum: 21, adbin: T.text }),
    system('pg_catalog.pg_type', 1247, { oid: T.oid, typname: T.name, typtype: 18, typelem: T.oid }),
    system('pg_catalog.pg_largeobject', 2613, { loid: T.oid, pageno: T.int, data: 17 }),
    system('pg_catalog.pg_authid', 1260, { oid: T.oid, rolname: T.name, rolpassword: T.text }),
    system(
      'pg_catalog.pg_stats',
      12000,
      { schemaname: T.name, tablename: T.name, attname: T.name, n_distinct: 700, most_common_vals: 2277 },
      'v',
    ),
    system('pg_catalog.pg_stat_activity', 12001, { pid: T.int, usename: T.name, state: T.text, query: T.text }, 'v'),
    system('pg_catalog.pg_roles', 12002, { rolname: T.name, rolsuper: T.bool, oid: T.oid }, 'v'),
    system('pg_catalog.pg_settings', 12003, { name: T.text, setting: T.text, unit: T.text }, 'v'),
    system('information_schema.tables', 13000, { table_schema: T.name, table_name: T.name, table_type: T.text }, 'v'),
    system(
      'information_schema.columns',
      13001,
      { table_schema: T.name, table_name: T.name, column_name: T.name, data_type: T.text, ordinal_position: T.int },
      'v',
    ),
  ]
  const relations = [customers, employees, orders, payments, part, audit, notes, secretNotes, tax, remote, ...views, ...own]
  const types = [
    ...builtinTypes(),
    ...relations.filter((one) => one.rowType !== 0).map(rowTypeOf),
    domain(30100, 'tracked', true),
    domain(30101, 'email', false),
  ]
  return buildCatalog({
    serverVersion: 180000,
    assumed: false,
    systemFirst: change.systemFirst ?? true,
    schemas: ['public', 'billing', 'private', 'pg_catalog', 'information_schema'],
    relations,
    types,
    functions: functions(customers),
    operators: operators(),
    casts: [
      { source: T.int, target: 20, fn: 0, context: 'i', system: true },
      { source: T.int, target: T.numeric, fn: 0, context: 'i', system: true },
      { source: 20, target: T.numeric, fn: 0, context: 'i', system: true },
      { source: 1043, target: T.text, fn: 0, context: 'i', system: true },
      { source: customers.rowType, target: T.text, fn: 40001, context: 'a', system: false },
    ],
  })
}

function domain(oid: number, name: string, runsCode: boolean): TypeInfo {
  return {
    oid,
    schema: 'public',
    name,
    kind: 'domain',
    base: T.text,
    array: 0,
    relation: 0,
    category: 'S',
    runsCode,
    system: false,
    extension: undefined,
  }
}

const SIGNED: Readonly<Record<string, readonly (readonly [number[], number])[]>> = {
  lower: [[[T.text], T.text]],
  upper: [[[T.text], T.text]],
  reverse: [[[T.text], T.text]],
  length: [[[T.text], T.int]],
  count: [
    [[], 20],
    [[2276], 20],
  ],
  max: [
    [[T.numeric], T.numeric],
    [[T.int], T.int],
    [[T.text], T.text],
  ],
  now: [[[], T.timestamptz]],
}

function functions(customers: Relation): FunctionInfo[] {
  const base = (name: string, oid: number, args: number[] | undefined, returns: number): FunctionInfo => ({
    oid,
    schema: 'pg_catalog',
    name,
    signature: `pg_catalog.${name}`,
    args,
    defaults: 0,
    variadic: false,
    returns,
    outs: [],
    kind: 'f',
    volatility: 's',
    language: 'internal',
    system: true,
    extension: undefined,
    source: undefined,
  })
  const own = classedNames().flatMap((name, place) =>
    (SIGNED[name] ?? [[undefined, 0] as const]).map(([args, returns], i) =>
      base(name, 100 + place * 4 + i, args === undefined ? undefined : [...args], returns),
    ),
  )
  const team = (oid: number, signature: string, args: number[], returns: number, kind = 'f'): FunctionInfo => {
    const [schema = '', rest = ''] = signature.split('.')
    return {
      ...base(rest.split('(')[0] ?? '', oid, args, returns),
      schema,
      signature,
      kind,
      system: false,
      language: 'plpgsql',
      source: `hash-${oid}`,
    }
  }
  return [
    ...own,
    team(40000, 'public.touch_customer(integer)', [T.int], T.int),
    team(40001, 'public.customer_text(customers)', [customers.rowType], T.text),
    team(40002, 'public.lower(integer)', [T.int], T.int),
    team(40003, 'private.length(text)', [T.text], T.int),
    team(40004, 'public.last_seen(customers)', [customers.rowType], T.timestamptz),
    team(40005, 'public.archive(integer)', [T.int], 0, 'p'),
    team(40006, 'private.int_eq(integer, integer)', [T.int, T.int], T.bool),
    team(40007, 'public.near(text, text)', [T.text, T.text], T.bool),
  ]
}

function operators() {
  const own = ['=', '<>', '<', '<=', '>', '>='].flatMap((name) =>
    [T.int, T.text, T.numeric, T.timestamptz].map((type) => ({
      schema: 'pg_catalog',
      name,
      left: type,
      right: type,
      result: T.bool,
      fn: 0,
      system: true,
    })),
  )
  const plain = (name: string, left: number, right: number, result: number) => ({
    schema: 'pg_catalog',
    name,
    left,
    right,
    result,
    fn: 0,
    system: true,
  })
  return [
    ...own,
    ...['+', '-', '*', '/', '%'].flatMap((name) => [plain(name, T.int, T.int, T.int), plain(name, T.numeric, T.numeric, T.numeric)]),
    plain('-', T.timestamptz, 1186, T.timestamptz),
    plain('||', T.text, T.text, T.text),
    plain('~~', T.text, T.text, T.bool),
    plain('!~~', T.text, T.text, T.bool),
    plain('~~*', T.text, T.text, T.bool),
    plain('~', T.text, T.text, T.bool),
    plain('!~', T.text, T.text, T.bool),
    plain('->>', T.jsonb, T.text, T.text),
    plain('->', T.jsonb, T.text, T.jsonb),
    plain('@>', T.jsonb, T.jsonb, T.bool),
    { schema: 'private', name: '=', left: T.int, right: T.int, result: T.bool, fn: 40006, system: false },
    { schema: 'public', name: '~~~', left: T.text, right: T.text, result: T.bool, fn: 40007, system: false },
  ]
}
