import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planColumns } from '../../proxy/mask/plan.ts'
import { mayContain } from '../../proxy/mask/prefilter.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import type { TypeInfo } from '../../proxy/mask/type-shape.ts'
import type { MaskForm, SensitiveLabel, TextPattern } from '../../proxy/verdict/policy.ts'
import type { RowField } from '../../proxy/wire/row-description.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { type Answer, Wire } from '../helpers/wire-client.ts'
import { CORPUS_PATTERNS, dataRow, policy, readRow } from '../mask/build.ts'

/** Every type of a real server × text and binary × every form: what we send instead of a value, PostgreSQL itself can read as that type. */

const SETUP = `
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN email_address AS text CHECK (VALUE ~ '@');
CREATE TYPE contact_t AS (email text, phone text, tax_id text, born date, n bigint);
CREATE TYPE textrange AS RANGE (subtype = text);
`
const KINDS: Record<string, TypeInfo['kind']> = {
  b: 'base',
  c: 'composite',
  d: 'domain',
  e: 'enum',
  m: 'multirange',
  p: 'pseudo',
  r: 'range',
}

interface ServerType extends TypeInfo {
  readonly oid: number
}

let server: Postgres
let wire: Wire
let types: Map<number, ServerType>

beforeAll(async () => {
  server = await startPostgres({ sql: SETUP })
  wire = await Wire.login(server, { user: server.user, database: 'postgres', password: server.password })
  const rows = await server.query<{
    oid: string
    typname: string
    typtype: string
    typcategory: string
    typelem: string
    typbasetype: string
  }>(`SELECT oid, typname, typtype, typcategory, typelem, typbasetype FROM pg_type`)
  types = new Map(
    rows.map((row) => {
      const array = row.typcategory === 'A' && Number(row.typelem) !== 0
      const kind = array ? 'array' : KINDS[row.typtype]!
      return [
        Number(row.oid),
        { oid: Number(row.oid), name: row.typname, kind, element: Number(row.typelem), base: Number(row.typbasetype) },
      ]
    }),
  )
})

afterAll(async () => {
  await wire.end()
  await server.stop()
})

/** Types that a column can have, whose values can be sent both ways. A RowDescription names a domain's base type, never the domain. */
function columnTypes(): ServerType[] {
  return [...types.values()].filter(
    (type) =>
      type.kind !== 'pseudo' && type.kind !== 'domain' && !(type.kind === 'composite' && type.name !== 'contact_t') && !isRowArray(type),
  )
}

function isRowArray(type: ServerType): boolean {
  const element = type.kind === 'array' ? types.get(type.element ?? 0) : undefined
  return element !== undefined && (element.kind === 'pseudo' || (element.kind === 'composite' && element.name !== 'contact_t'))
}

function planFor(typeOid: number, format: 0 | 1, options: { form?: MaskForm; typmod?: number; patterns?: readonly TextPattern[] }) {
  const field: RowField = { name: 'c', tableOid: 1, attnum: 1, typeOid, typeSize: -1, typmod: options.typmod ?? -1, format }
  const label: SensitiveLabel | undefined = options.form && { label: 'pii', mask: options.form, columns: [] }
  return planColumns({
    fields: [field],
    outputs: [{ name: 'c', from: 'itself', sources: [{ oid: 1, attnum: 1 }] }],
    touched: [],
    labels: { of: () => label, all: () => (label === undefined ? [] : [label]), any: label !== undefined },
    policy: policy(options.patterns),
    typeOf: (oid) => types.get(oid),
    reveal: false,
  })
}

function rewrite(plan: ReturnType<typeof planFor>, value: Buffer | null): Buffer | null {
  const row = dataRow([value])
  const sink = new ByteSink()
  rewriteRow(plan, row, 0, row.length, sink, new Set())
  return readRow(Buffer.from(sink.buf.subarray(0, sink.length)))[0]!
}

async function read(typeOid: number, format: 0 | 1, value: Buffer | null): Promise<Answer> {
  return wire.extended('SELECT $1', [value], { types: [typeOid], parameterFormats: [format] })
}

/** What is wrong with a value, as the server says, or undefined. */
async function fault(type: ServerType, format: 0 | 1, value: Buffer | null): Promise<string | undefined> {
  const answer = await read(type.oid, format, value)
  const [error] = answer.errors
  // Some types have no binary input at all (aclitem); then nothing can be masked wrongly in binary.
  if (error === undefined || error['C'] === '42883' || error['M']?.startsWith('cannot accept a value of type')) return undefined
  return `${type.name} (format ${format}) ${value === null ? 'NULL' : value.toString('hex')}: ${error['M']}`
}

describe('a masked value', () => {
  it.each(['redact', 'null', 'partial', 'token'] as const)('is legal for every type of the server: %s', async (form) => {
    const faults: string[] = []
    const nulls: string[] = []
    for (const type of columnTypes()) {
      for (const format of [0, 1] as const) {
        const value =
          form === 'partial' || form === 'token'
            ? Buffer.from(type.name === 'uuid' && format === 1 ? '0123456789abcdef' : 'abcdefgh12345678')
            : Buffer.from('x')
        const masked = rewrite(planFor(type.oid, format, { form }), value)
        if (masked === null && form === 'redact' && format === 0) nulls.push(type.name)
        const found = await fault(type, format, masked)
        if (found !== undefined) faults.push(found)
      }
    }
    expect(faults).toEqual([])
    // What has no neutral value: anything common must not be among them.
    for (const name of [
      'text',
      'int4',
      'numeric',
      'timestamptz',
      'jsonb',
      '_text',
      'int4range',
      'bytea',
      'uuid',
      'bool',
      'citext',
      'hstore',
    ])
      expect(nulls).not.toContain(name)
  })

  it('is the same value in text and in binary', async () => {
    const differing: string[] = []
    for (const type of columnTypes().filter((one) => one.kind === 'base' || one.kind === 'array' || one.kind === 'range')) {
      const [text, binary] = await Promise.all(
        [0, 1].map((format) => rewrite(planFor(type.oid, format as 0 | 1, { form: 'redact' }), Buffer.from('x'))),
      )
      if (text === null || binary === null || text === undefined || binary === undefined) continue
      const fromText = (await read(type.oid, 0, text)).text[0]?.[0]
      const fromBinary = (await read(type.oid, 1, binary)).text[0]?.[0]
      if (fromBinary !== undefined && fromText !== fromBinary) differing.push(`${type.name}: ${fromText} and ${fromBinary}`)
    }
    expect(differing).toEqual([])
  })

  it('fits the declared length', async () => {
    for (const [sql, typmod] of [
      ['varchar(3)', 7],
      ['char(12)', 16],
      ['bit(5)', 5],
      ['varbit(5)', 5],
      ['numeric(4,2)', 262_150],
    ] as const) {
      const typeOid = (await server.query<{ oid: number }>(`SELECT '${sql}'::regtype::oid::int AS oid`))[0]!.oid
      const masked = rewrite(planFor(typeOid, 0, { form: 'redact', typmod }), Buffer.from('x'))!.toString()
      const [back] = await server.query<{ text: string }>(`SELECT '${masked}'::${sql}::text AS text`)
      expect(back!.text.trimEnd(), sql).toBe(sql.startsWith('numeric') ? '0.00' : masked.trimEnd())
    }
  })
})

describe('a pattern inside a value', () => {
  const CARD = '4714182562964671'
  const SSN = '916-81-7055'
  const KEY = 'sk_live_kTUDVHCHxcUbkoZZnnhTP6tP'
  const expressions = [
    `'x ${SSN} y'::text`,
    `'${CARD}'::varchar`,
    `'${CARD}'::char(20)`,
    `'${SSN}'::name`,
    `'${CARD}'::citext`,
    `'a@${SSN}'::email_address`,
    `'{"a": {"b": ["${CARD}", "${SSN}"]}, "n": ${CARD}}'::json`,
    `'{"a": {"b": ["${CARD}", "\\u0039${SSN.slice(1)}"]}, "n": ${CARD}}'::jsonb`,
    `'<a b="${CARD}">${SSN}</a>'::xml`,
    `convert_to('key ${KEY}', 'UTF8')`,
    `${CARD}::int8`,
    `${CARD}::numeric`,
    `${CARD}.00::numeric(20,2)`,
    `${CARD}::float8`,
    `ARRAY['a "quoted" ${SSN}', NULL, 'b\\c']`,
    `ARRAY[ARRAY['${KEY}'], ARRAY['z']]`,
    `ARRAY[1, ${CARD}]::int8[]`,
    `ARRAY[${CARD}]::numeric[]`,
    `ARRAY['{"a": ${CARD}}'::jsonb]`,
    `ARRAY[convert_to('${SSN}', 'UTF8')]`,
    `string_to_array('5532905509381410', NULL)::int[]`,
    `ROW('a@b.c', NULL, '${SSN}', '2024-01-01', ${CARD})::contact_t`,
    `ROW(1, '${SSN}', '{"a":"${KEY}"}'::jsonb, ARRAY['${CARD}'], convert_to('${SSN}', 'UTF8'))`,
    `ARRAY[ROW('${KEY}', NULL, NULL, NULL, 1)::contact_t]`,
    `textrange('${SSN}', NULL)`,
    `hstore('k', '${SSN}')`,
    `'sk_live_kTUDVHCHxcUbkoZZnnhTP6tP'::ltree`,
    `array_to_tsvector(ARRAY['${KEY}'])`,
    `('$."${SSN}"')::jsonpath`,
  ] // every kind of container that a server can build

  it.each(expressions)('is found in both formats, and what is left is legal: %s', async (expression) => {
    for (const format of [0, 1] as const) {
      const answer = await wire.extended(`SELECT ${expression}`, [], { resultFormats: [format] })
      expect(answer.errors).toEqual([])
      const typeOid = answer.columns[0]!.type
      const value = answer.rows[0]![0]!
      const plan = planFor(typeOid, format, { patterns: CORPUS_PATTERNS })
      const row = dataRow([value])
      expect(mayContain(plan, row, 0, row.length), `prefilter, format ${format}`).toBe(true)
      const masked = rewrite(plan, value)
      expect(masked?.equals(value) ?? false, `unchanged, format ${format}: ${value.toString('latin1')}`).toBe(false)
      const shown = masked?.toString('latin1') ?? ''
      for (const canary of [CARD, SSN, KEY]) {
        expect(shown).not.toContain(canary)
        expect(shown).not.toContain(Buffer.from(canary).toString('hex'))
      }
      if (masked !== null && types.get(typeOid)!.name !== 'record') expect(await fault(types.get(typeOid)!, format, masked)).toBe(undefined)
    }
  })

  it('is not seen in the server’s own catalogs, whose rows pass byte for byte', async () => {
    let rows = 0
    for (const table of [
      'pg_class',
      'pg_attribute',
      'pg_proc',
      'pg_type',
      'pg_settings',
      'pg_operator',
      'pg_stats',
      'pg_timezone_names',
      'information_schema.columns',
    ]) {
      for (const format of [0, 1] as const) {
        const answer = await wire.extended(`SELECT * FROM ${table} LIMIT 500`, [], { resultFormats: [format] })
        // aclitem has no binary form, so some tables cannot be read in binary at all.
        if (format === 1 && answer.errors[0]?.['C'] === '42883') continue
        expect(answer.errors).toEqual([])
        const plan = planColumns({
          fields: answer.columns.map((column) => ({
            name: column.name,
            tableOid: 0,
            attnum: 0,
            typeOid: column.type,
            typeSize: -1,
            typmod: -1,
            format,
          })),
          outputs: undefined,
          touched: [],
          labels: { of: () => undefined, all: () => [], any: false },
          policy: policy(CORPUS_PATTERNS),
          typeOf: (oid) => types.get(oid),
          reveal: false,
        })
        for (const values of answer.rows) {
          const row = dataRow(values)
          const sink = new ByteSink()
          rewriteRow(plan, row, 0, row.length, sink, new Set())
          expect(sink.buf.subarray(0, sink.length).equals(row), `${table} ${values.join('|')}`).toBe(true)
          rows++
        }
      }
    }
    expect(rows).toBeGreaterThan(5000)
  })
})
