import type { Catalog } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import type { ConnectionLimits } from '../ports.ts'
import type { OutputColumn, StatementFacts } from '../statement/facts.ts'
import { HEADER } from '../wire/codes.ts'
import type { RowField } from '../wire/row-description.ts'

/** `pg_type.oid` of text: what a COPY column is read as where nobody knows better; in binary it stays unknown. */
const TEXT = 25

/**
 * How many rows a write touched, as its CommandComplete tag tells. Undefined: the tag does not tell (a CTE that writes, whatever stands
 * over it), so a ceiling cannot be proved.
 */
export function affectedRows(tag: string, facts: readonly StatementFacts[]): number | undefined {
  // What it keeps runs by EXECUTE, which is judged and counted for itself.
  if (tag === 'PREPARE' && facts.every((statement) => statement.kind === 'PREPARE')) return 0
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/.exec(tag)
  const writes = facts.flatMap((statement) => statement.because).filter(({ what }) => WRITES_ROWS.test(what))
  if (match !== null && writes.length <= 1) return Number(match[1])
  return facts.some((statement) => statement.verbs.includes('write')) ? undefined : 0
}

/** As the analysis words each part that writes rows; the tag counts those of the outermost. */
const WRITES_ROWS = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY FROM) /

export function overLimit(unit: { readonly rows: number }, limits: ConnectionLimits): GatewayError {
  const rows = unit.rows > limits.rows
  return new GatewayError({
    code: 'limit',
    sqlstate: '54000',
    message: rows
      ? `the result has more than ${limits.rows} rows (limits.rows)`
      : `the result has more than ${limits.resultBytes} bytes (limits.resultBytes)`,
    hint: 'Ask for less: name the columns you need, add a WHERE or a LIMIT, or aggregate in the database.',
  })
}

/** CopyOutResponse as if it were a RowDescription: columns and sources from the facts, formats from the frame. */
export function copyColumns(
  outputs: readonly OutputColumn[] | undefined,
  buf: Buffer,
  from: number,
  to: number,
  catalog: Catalog,
): RowField[] {
  const count = buf.readUInt16BE(from + HEADER + 1)
  const fields: RowField[] = []
  for (let i = 0; i < count && from + HEADER + 3 + i * 2 + 2 <= to; i++) {
    const binary = buf.readInt16BE(from + HEADER + 3 + i * 2) !== 0
    const output = outputs?.length === count ? outputs[i] : undefined
    const source = output?.from === 'itself' && output.sources.length === 1 ? output.sources[0] : undefined
    const column = source === undefined ? undefined : catalog.relation(source.oid)?.columns.find((known) => known.attnum === source.attnum)
    fields.push({
      name: output?.name ?? `column${i + 1}`,
      tableOid: source?.oid ?? 0,
      attnum: source?.attnum ?? 0,
      typeOid: column?.type ?? (binary ? 0 : TEXT),
      typeSize: -1,
      typmod: -1,
      format: binary ? 1 : 0,
    })
  }
  return fields
}
