import type { MaskPlan } from './plan.ts'

/** One masked column, for the recording and the approver's page. */
export interface MaskedColumn {
  readonly column: string
  readonly label: string
  readonly form: string
  /** In a person's words. */
  readonly why: string
}

/** What a plan does, before any row has come; what patterns find shows only in the rows. */
export interface MaskSummary {
  readonly columns: readonly MaskedColumn[]
  /** Labelled columns that this statement shows in clear, since an approver let it. */
  readonly revealed: readonly MaskedColumn[]
  /** Patterns that are looked for in the other columns. */
  readonly patterns: readonly string[]
}

const WHY = {
  itself: 'it is a sensitive column',
  derived: 'it is computed from a sensitive column, so it is masked whole',
  unknown: 'it cannot be told whether a sensitive column is in it, so it is masked whole',
} as const

export function describeMask(plan: MaskPlan): MaskSummary {
  const labelled = plan.columns.flatMap((column) =>
    column.source === undefined
      ? []
      : [
          {
            shown: column.form === undefined,
            column: column.name,
            label: column.source.label,
            form: column.source.form,
            why: WHY[column.source.why],
          },
        ],
  )
  const strip = ({ column, label, form, why }: MaskedColumn): MaskedColumn => ({ column, label, form, why })
  return {
    columns: labelled.filter((one) => !one.shown).map(strip),
    revealed: labelled.filter((one) => one.shown).map(strip),
    patterns: plan.columns.some((column) => column.scan !== undefined) ? plan.patterns.names : [],
  }
}
