import type { Catalog, CatalogColumn, Relation } from '../../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../../proxy/errors.ts'
import { type MaskPlan, planColumns } from '../../../proxy/mask/plan.ts'
import { rewriteRow } from '../../../proxy/mask/row.ts'
import type { Analyst } from '../../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'
import { compileLabels } from '../../../proxy/verdict/labels.ts'
import type { Policy } from '../../../proxy/verdict/policy.ts'
import { FROM_SERVER, HEADER } from '../../../proxy/wire/codes.ts'
import { readTextRow } from '../../../proxy/wire/read-server.ts'
import type { RowField } from '../../../proxy/wire/row-description.ts'
import { ByteSink } from '../../../proxy/wire/sink.ts'
import type { Preview } from '../../contract/card.ts'
import { whyNotRead } from './harmless.ts'
import { type InsertedRows, quoted, type RowSource, selectFrom, selectInserted } from './row-source.ts'

export const ROWS = 5
const COLUMNS = 8
/** Characters of a value that are read, and that are shown once it is masked. */
const READ_CHARACTERS = 2000
const SHOWN_CHARACTERS = 200

type Affected = NonNullable<Preview['rows']>
export type TextRow = readonly (string | null)[]

/** One column of what is shown: which of the table's, and as it was before or as it will be. */
interface Part {
  readonly column: CatalogColumn
  readonly side: 'before' | 'after'
}

/** A query for some affected rows, and what its columns are. */
export interface RowsQuery {
  readonly text: string
  /** What an agent would send for the same columns: the mask plan is made from it. */
  readonly plain: string
  readonly parts: readonly Part[]
  readonly columns: readonly CatalogColumn[]
  readonly changed: ReadonlySet<string>
  readonly moreColumns: boolean
}

/** `keys`: attribute numbers of the primary key. */
export function chosenRows(source: RowSource, relation: Relation, keys: readonly number[]): RowsQuery {
  const changed = new Set(source.sets.map((set) => set.column))
  const columns = pick(relation.columns, (column) => keys.includes(column.attnum), changed)
  const values = new Map(source.sets.map((set) => [set.column, set.value]))
  const parts: Part[] = []
  const list: string[] = []
  for (const column of columns) {
    const plain = `${source.target}.${quoted(column.name)}`
    parts.push({ column, side: 'before' })
    list.push(plain)
    if (source.sets.length === 0) continue
    const value = values.get(column.name)
    parts.push({ column, side: 'after' })
    list.push(changed.has(column.name) ? (value === undefined ? "'(not shown)'" : `(${value}\n)`) : plain)
  }
  const distinct = source.joined ? `DISTINCT ON (${source.target}.tableoid, ${source.target}.ctid) ` : ''
  const plain = `${selectFrom(source, `${distinct}${named(list)}`)}\nLIMIT ${ROWS}`
  return { ...outer(plain, parts), columns, changed, moreColumns: columns.length < relation.columns.length }
}

/** Undefined where the columns cannot be told. */
export function addedRows(inserted: InsertedRows, relation: Relation, width: number): RowsQuery | undefined {
  const names = inserted.columns.length > 0 ? inserted.columns : relation.columns.slice(0, width).map((column) => column.name)
  const all = names.map((name) => relation.column(name))
  const known = all.filter((column) => column !== undefined)
  if (known.length !== width || width === 0) return undefined
  const list = known.map((_, i) => `c${i}`)
  const plain = `${selectInserted(inserted, '*').replace(/AS inserted$/, `AS inserted (${list.join(', ')})`)}\nLIMIT ${ROWS}`
  const columns = known.slice(0, COLUMNS)
  const parts = columns.map((column): Part => ({ column, side: 'after' }))
  const text = `SELECT ${columns.map((_, i) => cut(`c${i}`)).join(', ')} FROM (${plain}\n) AS added`
  return { text, plain, parts, columns, changed: new Set(), moreColumns: columns.length < known.length }
}

function outer(plain: string, parts: readonly Part[]): { text: string; plain: string; parts: readonly Part[] } {
  return { text: `SELECT ${parts.map((_, i) => cut(`c${i}`)).join(', ')} FROM (${plain}\n) AS affected`, plain, parts }
}

const named = (list: readonly string[]): string => list.map((one, i) => `${one} AS c${i}`).join(', ')
const cut = (column: string): string => `pg_catalog.left(${column}::pg_catalog.text, ${READ_CHARACTERS})`

/** The key, what is changed, then the others in their order. */
function pick(all: readonly CatalogColumn[], isKey: (column: CatalogColumn) => boolean, changed: ReadonlySet<string>): CatalogColumn[] {
  const rank = (column: CatalogColumn): number => (isKey(column) ? 0 : changed.has(column.name) ? 1 : 2)
  const chosen = new Set(all.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(COLUMNS, changed.size)))
  return all.filter((column) => chosen.has(column))
}

export interface Masking {
  readonly analyst: Analyst
  readonly catalog: Catalog
  readonly policy: Policy
}

/** Why the query may not be run, or its facts. */
export async function readable(plain: string, { analyst, catalog }: Masking): Promise<StatementFacts | string> {
  const analysis = await analyst.analyse(Buffer.from(plain), catalog)
  if (analysis instanceof GatewayError) return 'it could not be read'
  const [facts] = analysis.statements
  return whyNotRead(analysis.statements, catalog) ?? facts ?? 'it could not be read'
}

/** Masked by the plan that the gateway makes for an agent's SELECT; a new value is masked as the column that it goes to. */
export function presentRows(
  query: RowsQuery,
  rows: readonly TextRow[],
  facts: StatementFacts,
  relation: Relation,
  masking: Masking,
): Affected {
  const { catalog, policy } = masking
  const labels = compileLabels(policy, catalog)
  const fields = query.parts.map(
    ({ column }): RowField => ({
      name: column.name,
      tableOid: relation.oid,
      attnum: column.attnum,
      typeOid: column.type,
      typeSize: -1,
      typmod: -1,
      format: 0,
    }),
  )
  const plan = planColumns({
    fields,
    outputs: facts.outputs?.slice(0, fields.length),
    touched: [...new Set(facts.columns.flatMap((use) => labels.all(use.oid, use.attnum)))],
    labels,
    policy,
    typeOf: (oid) => catalog.type(oid),
    reveal: false,
  })
  const masked = new Set<string>(plan.masked)
  const shown = rows.slice(0, ROWS).map((row) => maskRow(plan, row, masked).map(shorten))
  const side = (row: TextRow, which: Part['side']): (string | null)[] | null =>
    query.parts.some((part) => part.side === which) ? row.filter((_, i) => query.parts[i]?.side === which) : null
  return {
    columns: query.columns.map((column) => ({
      name: column.name,
      label: labels.all(relation.oid, column.attnum)[0]?.label ?? null,
      changed: query.changed.has(column.name),
    })),
    items: shown.map((row) => ({ before: side(row, 'before'), after: side(row, 'after') })),
    moreRows: false,
    moreColumns: query.moreColumns,
    masked: [...masked].sort(),
  }
}

function maskRow(plan: MaskPlan, row: TextRow, masked: Set<string>): TextRow {
  if (plan.kind === 'pass') return row
  const sink = new ByteSink(1024)
  const at = sink.beginFrame(FROM_SERVER.dataRow)
  sink.int16(row.length)
  for (const value of row) {
    const bytes = value === null ? undefined : Buffer.from(value)
    sink.int32(bytes?.length ?? -1)
    if (bytes !== undefined) sink.copy(bytes, 0, bytes.length)
  }
  sink.endFrame(at)
  const frame = sink.take()
  const out = new ByteSink(frame.length + 64)
  rewriteRow(plan, frame, 0, frame.length, out, masked)
  return readTextRow(out.buf.subarray(HEADER, out.length))
}

function shorten(value: string | null): string | null {
  return value === null || value.length <= SHOWN_CHARACTERS ? value : `${value.slice(0, SHOWN_CHARACTERS)}…`
}
