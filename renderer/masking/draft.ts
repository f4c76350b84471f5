import type { Masking } from '../../main/contract/index.ts'

export type MaskForm = Masking['labels'][number]['mask']
type Source = Masking['source']
type Entry = Source['sensitive'][number]

/** What one column is to have; `label` null: none. */
export interface ColumnEdit {
  readonly connection: string
  /** `public.customers.email`. */
  readonly column: string
  readonly label: string | null
  readonly mask: MaskForm
  readonly predicates: boolean
}

/** Changes that somebody means to make, kept apart from what is in force: so they can be laid over a newer version too. */
export interface MaskingDraft {
  readonly columns: readonly ColumnEdit[]
  /** `connection` and `schema.table`: whether outsiders write there. */
  readonly untrusted: readonly { readonly connection: string; readonly table: string; readonly on: boolean }[]
  /** All patterns as they shall be; undefined: as they are. */
  readonly patterns: readonly PatternEdit[] | undefined
}

export interface PatternEdit {
  readonly name: string
  readonly regex?: string | undefined
  readonly mask: MaskForm
}

export const emptyDraft: MaskingDraft = { columns: [], untrusted: [], patterns: undefined }

export function editColumns(draft: MaskingDraft, edits: readonly ColumnEdit[]): MaskingDraft {
  const same = (one: ColumnEdit) => edits.some((edit) => edit.connection === one.connection && edit.column === one.column)
  return { ...draft, columns: [...draft.columns.filter((one) => !same(one)), ...edits] }
}

export function editUntrusted(draft: MaskingDraft, connection: string, table: string, on: boolean): MaskingDraft {
  const others = draft.untrusted.filter((one) => one.connection !== connection || one.table !== table)
  return { ...draft, untrusted: [...others, { connection, table, on }] }
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

/** The label that the configuration gives this very column by its whole name. */
export function namedLabel(source: Source, connection: string, column: string): string | undefined {
  const entry = source.sensitive.find((one) => one['connection'] === connection && textsOf(one['columns']).includes(column))
  return typeof entry?.['label'] === 'string' ? entry['label'] : undefined
}

/** Which columns have no longer or newly a label by this source: as `PUT /api/masking` wants it. Sections without a change are left out. */
export function applyDraft(source: Source, draft: MaskingDraft): Partial<Pick<Source, 'sensitive' | 'untrusted' | 'patterns'>> {
  return {
    ...(draft.columns.length > 0 ? { sensitive: draft.columns.reduce(applyColumn, source.sensitive) } : {}),
    ...(draft.untrusted.length > 0 ? { untrusted: draft.untrusted.reduce(applyUntrusted, source.untrusted) } : {}),
    ...(draft.patterns === undefined
      ? {}
      : { patterns: draft.patterns.map(({ name, regex, mask }) => ({ name, ...(regex === undefined ? {} : { regex }), mask })) }),
  }
}

function applyColumn(entries: readonly Entry[], edit: ColumnEdit): Entry[] {
  const { connection, column, label, mask, predicates } = edit
  const without = entries.flatMap((entry) => {
    if (entry['connection'] !== connection) return [entry]
    const columns = textsOf(entry['columns'])
    const left = columns.filter((one) => one !== column)
    if (left.length === columns.length) return [entry]
    return left.length === 0 ? [] : [{ ...entry, columns: left }]
  })
  if (label === null) return without
  const fits = (entry: Entry) =>
    entry['connection'] === connection &&
    entry['label'] === label &&
    entry['mask'] === mask &&
    (entry['predicates'] === true) === (mask === 'token' && predicates)
  const place = without.findIndex(fits)
  const found = without[place]
  if (found !== undefined) return without.with(place, { ...found, columns: [...textsOf(found['columns']), column] })
  return [...without, { connection, label, mask, ...(mask === 'token' && predicates ? { predicates: true } : {}), columns: [column] }]
}

function applyUntrusted(entries: readonly Entry[], { connection, table, on }: MaskingDraft['untrusted'][number]): Entry[] {
  const without = entries.flatMap((entry) => {
    const tables = textsOf(entry['tables'])
    if (entry['connection'] !== connection || !tables.includes(table)) return [entry]
    const left = tables.filter((one) => one !== table)
    return left.length === 0 ? [] : [{ ...entry, tables: left }]
  })
  if (!on) return without
  const place = without.findIndex((entry) => entry['connection'] === connection)
  const found = without[place]
  if (found !== undefined) return without.with(place, { ...found, tables: [...textsOf(found['tables']), table] })
  return [...without, { connection, tables: [table] }]
}

export interface DraftLine {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly text: string
}

const formWord: Record<MaskForm, string> = { redact: 'redacted', partial: 'last four', null: 'null', token: 'token' }

/** The draft against what is in force, a line each. What comes to the same is left out. */
export function describeDraft(source: Source, draft: MaskingDraft): DraftLine[] {
  const lines: DraftLine[] = []
  for (const { connection, column, label, mask } of draft.columns) {
    const before = source.sensitive.find((one) => one['connection'] === connection && textsOf(one['columns']).includes(column))
    const was = before === undefined ? undefined : `${String(before['label'])}, ${formWord[before['mask'] as MaskForm]}`
    const next = label === null ? undefined : `${label}, ${formWord[mask]}`
    if (was === next) continue
    const at = `${connection}: ${column}`
    if (was === undefined) lines.push({ kind: 'added', text: `${at} is ${next}` })
    else if (next === undefined) lines.push({ kind: 'removed', text: `${at} is no longer ${was}: agents see its values` })
    else lines.push({ kind: 'changed', text: `${at} is ${next}; it was ${was}` })
  }
  for (const { connection, table, on } of draft.untrusted) {
    const was = source.untrusted.some((one) => one['connection'] === connection && textsOf(one['tables']).includes(table))
    if (was === on) continue
    lines.push(
      on
        ? { kind: 'added', text: `${connection}: outsiders write ${table}` }
        : { kind: 'removed', text: `${connection}: ${table} is trusted again` },
    )
  }
  if (draft.patterns !== undefined) lines.push(...describePatterns(source.patterns, draft.patterns))
  return lines
}

function describePatterns(before: Source['patterns'], after: readonly PatternEdit[]): DraftLine[] {
  const lines: DraftLine[] = []
  const words = (mask: unknown) => formWord[mask as MaskForm]
  for (const one of after) {
    const was = before.find((each) => each['name'] === one.name)
    if (was === undefined) lines.push({ kind: 'added', text: `the pattern ${one.name} is looked for: ${words(one.mask)}` })
    else if (was['mask'] !== one.mask || was['regex'] !== one.regex)
      lines.push({ kind: 'changed', text: `the pattern ${one.name} is ${words(one.mask)}; it was ${words(was['mask'])}` })
  }
  for (const was of before)
    if (!after.some((one) => one.name === was['name']))
      lines.push({ kind: 'removed', text: `the pattern ${String(was['name'])} is no longer looked for` })
  return lines
}

/** The labels of one connection with the draft over them: what a preview asks for. */
export function labelsWith(source: Source, draft: MaskingDraft, connection: string) {
  const entries = applyDraft(source, draft).sensitive ?? source.sensitive
  return entries
    .filter((one) => one['connection'] === connection)
    .map((one) => ({
      label: String(one['label']),
      mask: one['mask'] as MaskForm,
      predicates: one['predicates'] === true,
      columns: textsOf(one['columns']),
    }))
}
