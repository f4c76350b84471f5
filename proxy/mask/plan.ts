import type { OutputColumn } from '../statement/facts.ts'
import { ANY_SPELLING, ENCODED, LETTERS, NODE_TREE, TREE } from '../statement/respelled.ts'
import type { MaskForm, Policy, SensitiveLabel } from '../verdict/policy.ts'
import type { RowField } from '../wire/row-description.ts'
import { type ColumnSource, columnSource, type LabelLookup } from './column-source.ts'
import { type Compute, maskedValue, redactedValue } from './masked-value.ts'
import type { PatternSet } from './pattern-set.ts'
import { patternsOf } from './policy-patterns.ts'
import { scanRespelled } from './scan-respelled.ts'
import type { Scan } from './scan-text.ts'
import { scannerFor } from './scanner.ts'
import type { TokenBook } from './token-book.ts'
import { type Shape, shapeOf, type TypeOf } from './type-shape.ts'

/** What happens to a column's values, as numbers: this is looked at for every value. */
export const KEEP = 0
export const CONSTANT = 1
export const COMPUTE = 2
export const SCAN = 3

/** One column of a plan. */
export interface ColumnPlan {
  readonly name: string
  readonly action: typeof KEEP | typeof CONSTANT | typeof COMPUTE | typeof SCAN
  /** For CONSTANT: the length word and the value. */
  readonly constant: Buffer
  readonly compute: Compute | undefined
  readonly scan: Scan | undefined
  /** For SCAN: false when the window's prefilter cannot see what would be found. */
  readonly visible: boolean
  /** SQL NULL stays NULL. */
  readonly keepNull: boolean
  readonly source: ColumnSource | undefined
  readonly form: MaskForm | undefined
}

/** How the rows of one result are masked. Frozen: it may be kept by the bytes of its RowDescription, its facts and the identity of its policy. */
export interface MaskPlan {
  /** `pass`: send the rows as they are. `scan`: rewrite only where `mayContain` says so. `rewrite`: every row. */
  readonly kind: 'pass' | 'scan' | 'rewrite'
  readonly columns: readonly ColumnPlan[]
  readonly actions: Uint8Array
  /** Columns from here on need nothing. */
  readonly upTo: number
  /** Labels masked, known before the first row. */
  readonly masked: readonly string[]
  readonly patterns: PatternSet
  /** Bytes by which the constants can lengthen a row at most. */
  readonly growth: number
  /** Columns (indexes) that `mayContain` must look at one by one. */
  readonly hidden: readonly number[]
}

export interface PlanInput {
  readonly fields: readonly RowField[]
  /** From the facts; undefined when they cannot tell. */
  readonly outputs: readonly OutputColumn[] | undefined
  /** Labels of every sensitive column that the statement touches in any way. */
  readonly touched: readonly SensitiveLabel[]
  readonly labels: LabelLookup
  readonly policy: Policy
  readonly typeOf: TypeOf
  /** An approver let this statement show its labelled columns in clear, or those of some labels: these are neither masked nor searched. */
  readonly reveal: boolean | readonly string[]
  /** Remembers the tokens of labels with `predicates`. */
  readonly book?: TokenBook | undefined
}

/**
 * The plan for one result. What cannot be told is masked whole.
 *
 * NULL: where a column is the sensitive column itself, NULL stays NULL, since outer joins and drivers depend on it, and asking
 * `IS NULL` is a use that a rule can forbid. Where a column is computed from it or unknown, NULL is masked like a value: otherwise
 * `CASE WHEN ssn LIKE '9%' THEN 1 END` would answer a question with each row.
 */
export function planColumns(input: PlanInput): MaskPlan {
  const { fields, outputs, touched, labels, policy, typeOf } = input
  const lineageKnown = outputs !== undefined && outputs.length === fields.length
  const patterns = patternsOf(policy)
  const columns = fields.map((field, i) => {
    const source = columnSource(field, outputs?.[i], lineageKnown, touched, labels)
    if (source === undefined) return searched(field, lineageKnown ? (outputs?.[i]?.respelled ?? 0) : ANY_SPELLING, patterns, typeOf)
    return isRevealed(input, source, field, outputs?.[i]) ? kept(field, source) : masked(field, source, input)
  })
  return frozenPlan(columns, patterns)
}

function frozenPlan(columns: readonly ColumnPlan[], patterns: PatternSet): MaskPlan {
  const actions = Uint8Array.from(columns, (column) => column.action)
  const upTo = actions.findLastIndex((action) => action !== KEEP) + 1
  const replaced = columns.filter((column) => column.action === CONSTANT || column.action === COMPUTE)
  return Object.freeze({
    kind: upTo === 0 ? 'pass' : replaced.length > 0 ? 'rewrite' : 'scan',
    columns: Object.freeze(columns),
    actions,
    upTo,
    masked: [...new Set(replaced.flatMap((column) => column.source?.label.split(', ') ?? []))],
    patterns,
    growth: columns.reduce((sum, column) => sum + column.constant.length, 0),
    hidden: columns.flatMap((column, i) => (column.action === SCAN && !column.visible ? [i] : [])),
  })
}

const NULL_WORD = Buffer.from([0xff, 0xff, 0xff, 0xff])
const NO_CONSTANT = Buffer.alloc(0)

function kept(field: RowField, source: ColumnSource | undefined): ColumnPlan {
  return {
    name: field.name,
    action: KEEP,
    constant: NO_CONSTANT,
    compute: undefined,
    scan: undefined,
    visible: true,
    keepNull: true,
    source,
    form: undefined,
  }
}

function searched(field: RowField, respelled: number, patterns: PatternSet, typeOf: TypeOf): ColumnPlan {
  const shape = shapeOf(field.typeOid, typeOf)
  const scanner = scannerFor(shape, field.format, patterns, typeOf)
  const bits = respelled | (field.typeOid === NODE_TREE ? TREE : 0) | (respelled !== 0 && shape.family === 'bytes' ? ENCODED : 0)
  if ((bits & LETTERS) !== 0 && !patterns.empty && shape.family !== 'array') {
    return { ...kept(field, undefined), action: CONSTANT, constant: withLength(redactedValue(shape, field.format, field.typmod)) }
  }
  if (bits !== 0 && !patterns.empty && mayBeRespelled(shape)) {
    const scan = scanRespelled(patterns, bits, redactedValue(shape, field.format, field.typmod), scanner?.scan)
    return { ...kept(field, undefined), action: SCAN, scan, visible: false }
  }
  if (scanner === undefined) return kept(field, undefined)
  return { ...kept(field, undefined), action: SCAN, scan: scanner.scan, visible: scanner.visible }
}

/** Numbers, dates and the like are as they are, whatever they were made of. */
function mayBeRespelled(shape: Shape): boolean {
  return shape.family !== 'closed' && shape.family !== 'uuid' && shape.family !== 'number'
}

function masked(field: RowField, source: ColumnSource, { policy, typeOf, book }: PlanInput): ColumnPlan {
  const scope = { key: policy.tokenKey, connection: policy.connection, label: source.label }
  const shape = shapeOf(field.typeOid, typeOf)
  const page = mayBePutBack(source, policy) ? book?.page(source.label) : undefined
  const value = maskedValue({ form: source.form, shape, format: field.format, typmod: field.typmod, scope, page })
  const plan = { ...kept(field, source), keepNull: source.why === 'itself', form: source.form }
  if ('compute' in value) return { ...plan, action: COMPUTE, compute: value.compute }
  return { ...plan, action: CONSTANT, constant: withLength(value.constant) }
}

/** A column with two labels is shown only when both are. */
function isRevealed({ reveal, labels }: PlanInput, source: ColumnSource, field: RowField, output: OutputColumn | undefined): boolean {
  if (typeof reveal === 'boolean') return reveal
  const sources = [{ oid: field.tableOid, attnum: field.attnum }, ...(output?.sources ?? [])].filter(({ oid }) => oid !== 0)
  const names = sources.flatMap(({ oid, attnum }) => labels.all(oid, attnum).map((label) => label.label))
  return [...source.label.split(', '), ...names].every((name) => reveal.includes(name))
}

function mayBePutBack(source: ColumnSource, policy: Policy): boolean {
  return source.form === 'token' && policy.sensitive.some((label) => label.label === source.label && label.predicates === true)
}

function withLength(value: Buffer | null): Buffer {
  if (value === null) return NULL_WORD
  const bytes = Buffer.allocUnsafe(4 + value.length)
  bytes.writeInt32BE(value.length, 0)
  value.copy(bytes, 4)
  return bytes
}
