import type { OutputColumn } from '../statement/facts.ts'
import type { MaskForm, SensitiveLabel } from '../verdict/policy.ts'
import type { RowField } from '../wire/row-description.ts'

/** Which label covers a base column. `of(oid, 0)` answers for the whole row: any label among its columns. */
export interface LabelLookup {
  of(oid: number, attnum: number): SensitiveLabel | undefined
  all(oid: number, attnum: number): readonly SensitiveLabel[]
  /** False when the connection has no labels at all. */
  readonly any: boolean
}

/** Why a column is masked, and with which form. */
export interface ColumnSource {
  /** `itself`: these are the sensitive column's own values. `derived`: computed from them. `unknown`: it cannot be told. */
  readonly why: 'itself' | 'derived' | 'unknown'
  readonly label: string
  readonly form: MaskForm
}

/**
 * Decides one column by provenance and lineage. Undefined: nothing sensitive comes out here.
 * Provenance (the server's own word) names a form first; lineage is asked as well, since views and foreign tables hide their base columns from it.
 */
export function columnSource(
  field: RowField,
  output: OutputColumn | undefined,
  lineageKnown: boolean,
  touched: readonly SensitiveLabel[],
  labels: LabelLookup,
): ColumnSource | undefined {
  const own = field.tableOid === 0 || !labels.any ? undefined : labels.of(field.tableOid, field.attnum)
  if (own !== undefined) return { why: 'itself', label: own.label, form: own.mask }
  if (!lineageKnown || output === undefined) return touched.length === 0 ? undefined : unknownSource(touched)

  const sources = labels.any ? output.sources.map((source) => labels.of(source.oid, source.attnum)) : []
  const labelled = sources.filter((label) => label !== undefined)
  if (labelled.length > 0) {
    const label = names(labelled)
    const whole = output.sources.some((source) => source.attnum === 0)
    if (output.from !== 'itself' || whole) return { why: output.from === 'unknown' ? 'unknown' : 'derived', label, form: 'redact' }
    // Several columns meet here (UNION): one form for all, or none of them.
    const forms = new Set(labelled.map((one) => one.mask))
    return { why: 'itself', label, form: forms.size === 1 ? labelled[0]!.mask : 'redact' }
  }
  return output.from === 'unknown' && touched.length > 0 ? unknownSource(touched) : undefined
}

function unknownSource(touched: readonly SensitiveLabel[]): ColumnSource {
  return { why: 'unknown', label: names(touched), form: 'redact' }
}

function names(labels: readonly SensitiveLabel[]): string {
  return [...new Set(labels.map((label) => label.label))].sort().join(', ')
}
