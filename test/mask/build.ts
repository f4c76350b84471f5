import { type PlanInput, planColumns } from '../../proxy/mask/plan.ts'
import type { TypeInfo } from '../../proxy/mask/type-shape.ts'
import type { OutputColumn } from '../../proxy/statement/facts.ts'
import type { MaskForm, Policy, SensitiveLabel, TextPattern } from '../../proxy/verdict/policy.ts'
import type { RowField } from '../../proxy/wire/row-description.ts'

/** Builders of what a plan is made from. Row bytes are put together here, by other means than the code under test. */

const BASE: Record<number, string> = {
  16: 'bool',
  17: 'bytea',
  18: 'char',
  19: 'name',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  26: 'oid',
  114: 'json',
  142: 'xml',
  600: 'point',
  700: 'float4',
  701: 'float8',
  790: 'money',
  829: 'macaddr',
  869: 'inet',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1186: 'interval',
  1560: 'bit',
  1562: 'varbit',
  1700: 'numeric',
  2950: 'uuid',
  3614: 'tsvector',
  3802: 'jsonb',
}
const ARRAYS: Record<number, number> = { 199: 114, 1001: 17, 1005: 21, 1007: 23, 1009: 25, 1016: 20, 1231: 1700, 3807: 3802 }

export function typeOf(oid: number): TypeInfo | undefined {
  if (oid in BASE) return { name: BASE[oid]!, kind: 'base' }
  if (oid in ARRAYS) return { name: `_${BASE[ARRAYS[oid]!]}`, kind: 'array', element: ARRAYS[oid]! }
  if (oid === 2249) return { name: 'record', kind: 'pseudo' }
  if (oid === 3906) return { name: 'numrange', kind: 'range', element: 1700 }
  if (oid === 90_001) return { name: 'contact_t', kind: 'composite' }
  if (oid === 90_002) return { name: 'email_address', kind: 'domain', base: 25 }
  if (oid === 90_003) return { name: 'status', kind: 'enum' }
  return undefined
}

export const KEY = Buffer.alloc(32, 7)

export function policy(patterns: readonly TextPattern[] = []): Policy {
  return { version: '1', connection: 'shop', policies: [], sensitive: [], untrusted: [], patterns, vouched: [], tokenKey: KEY }
}

export function pattern(name: string, mask: MaskForm = 'redact', regex?: string): TextPattern {
  return { name, mask, regex }
}

export const CORPUS_PATTERNS = [pattern('credit_card'), pattern('ssn'), pattern('api_key')]

export function label(name: string, mask: MaskForm = 'redact'): SensitiveLabel {
  return { label: name, mask, columns: [] }
}

export function field(typeOid: number, more: Partial<RowField> = {}): RowField {
  return { name: 'c', tableOid: 0, attnum: 0, typeOid, typeSize: -1, typmod: -1, format: 0, ...more }
}

export function output(from: OutputColumn['from'], sources: OutputColumn['sources'] = []): OutputColumn {
  return { name: 'c', from, sources }
}

/** Labels by `oid.attnum`. */
export function plan(input: Partial<PlanInput> & { fields: readonly RowField[]; labelled?: Record<string, SensitiveLabel> }) {
  const labelled = input.labelled ?? {}
  return planColumns({
    outputs: input.fields.map((one) => output('itself', one.tableOid === 0 ? [] : [{ oid: one.tableOid, attnum: one.attnum }])),
    touched: Object.values(labelled),
    labels: {
      of: (oid, attnum) => labelled[`${oid}.${attnum}`],
      all: (oid, attnum) => [labelled[`${oid}.${attnum}`] ?? []].flat(),
      any: Object.keys(labelled).length > 0,
    },
    policy: policy(),
    typeOf,
    reveal: false,
    ...input,
  })
}

export type Cell = Buffer | string | null

export function cells(values: readonly Cell[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      if (value === null) return Buffer.from([255, 255, 255, 255])
      const bytes = typeof value === 'string' ? Buffer.from(value) : value
      const length = Buffer.alloc(4)
      length.writeInt32BE(bytes.length)
      return Buffer.concat([length, bytes])
    }),
  )
}

export function dataRow(values: readonly Cell[]): Buffer {
  const body = cells(values)
  const head = Buffer.alloc(7)
  head[0] = 0x44
  head.writeInt32BE(6 + body.length, 1)
  head.writeInt16BE(values.length, 5)
  return Buffer.concat([head, body])
}

/** Reads a DataRow back, checking every length. */
export function readRow(frame: Buffer): (Buffer | null)[] {
  if (frame[0] !== 0x44 || frame.readInt32BE(1) !== frame.length - 1) throw new Error('bad frame length')
  const values: (Buffer | null)[] = []
  let at = 7
  for (let i = 0; i < frame.readInt16BE(5); i++) {
    const length = frame.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : frame.subarray(at, at + length))
    at += Math.max(0, length)
  }
  if (at !== frame.length) throw new Error('bytes left over')
  return values
}
