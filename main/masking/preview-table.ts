import type { Catalog, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { describeMask } from '../../proxy/mask/describe.ts'
import { formFits, typeNameOf } from '../../proxy/mask/forms-for-type.ts'
import { type MaskPlan, planColumns } from '../../proxy/mask/plan.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import type { Upstream } from '../../proxy/ports.ts'
import type { Analyst } from '../../proxy/statement/analyst.ts'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import { FROM_SERVER } from '../../proxy/wire/codes.ts'
import { readTextRow } from '../../proxy/wire/read-server.ts'
import type { RowField } from '../../proxy/wire/row-description.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import type { MaskPreview } from '../contract/masking.ts'
import { openSampler, plainText, type SampleRow } from './read-sample.ts'

/** Longest time for the rows of a preview. */
const TABLE_MS = 3000
/** Characters of a value; a longer one is cut before it is masked. */
const CHARACTERS = 2000

export interface PreviewInput {
  readonly upstream: Upstream
  readonly catalog: Catalog
  readonly policy: Policy
  readonly analyst: Analyst
  readonly relation: Relation
  readonly limit: number
  /** Whoever asks may see the rows as they are. */
  readonly before: boolean
}

/** Some rows of a table as an agent gets them who selects all columns by name: by the plan that the gateway itself makes for that statement. */
export async function previewTable(input: PreviewInput): Promise<MaskPreview> {
  const { upstream, catalog, policy, relation } = input
  const columns = relation.columns
  const plan = await planFor(input)
  const sampler = await openSampler(upstream, TABLE_MS)
  const rows = await sampler.read(relation, columns, input.limit, CHARACTERS).finally(() => sampler.close())
  const masked = new Set<string>()
  const after = rows.map((row) => maskRow(plan, row, masked))
  const labelled = new Map(plan.columns.map((column, i) => [i, column.source]))
  return {
    table: relation.label,
    columns: columns.map((column, i) => {
      const source = labelled.get(i)
      const type = typeNameOf(catalog, column.type)
      return {
        name: column.name,
        type,
        label: source?.label ?? null,
        form: source?.form ?? null,
        note: source === undefined ? null : (formFits(source.form, type) ?? null),
      }
    }),
    patterns: [...describeMask(plan).patterns],
    masked: [...masked].sort(),
    before: input.before ? rows.map((row) => [...row]) : null,
    after: after.map((row) => [...row]),
    policyVersion: policy.version,
  }
}

async function planFor({ analyst, catalog, policy, relation }: PreviewInput): Promise<MaskPlan> {
  const analysis = await analyst.analyse(Buffer.from(plainText(relation, relation.columns)), catalog)
  if (analysis instanceof GatewayError) throw analysis
  const [facts] = analysis.statements
  const labels = compileLabels(policy, catalog)
  const touched = new Set((facts?.columns ?? []).flatMap((use) => labels.all(use.oid, use.attnum)))
  const fields = relation.columns.map(
    (column): RowField => ({
      name: column.name,
      tableOid: relation.oid,
      attnum: column.attnum,
      typeOid: column.type,
      typeSize: -1,
      typmod: -1,
      format: 0,
    }),
  )
  return planColumns({
    fields,
    outputs: facts?.outputs,
    touched: [...touched],
    labels,
    policy,
    typeOf: (oid) => catalog.type(oid),
    reveal: false,
  })
}

/** As the wire carries it, through the function that every row goes through. */
function maskRow(plan: MaskPlan, row: SampleRow, masked: Set<string>): SampleRow {
  if (plan.kind === 'pass') return row
  const sink = new ByteSink(1024)
  const at = sink.beginFrame(FROM_SERVER.dataRow)
  sink.int16(row.length)
  for (const value of row) {
    if (value === null) {
      sink.int32(-1)
      continue
    }
    const bytes = Buffer.from(value)
    sink.int32(bytes.length)
    sink.copy(bytes, 0, bytes.length)
  }
  sink.endFrame(at)
  const frame = sink.take()
  for (const name of plan.masked) masked.add(name)
  const out = new ByteSink(frame.length + 64)
  rewriteRow(plan, frame, 0, frame.length, out, masked)
  return readTextRow(out.buf.subarray(5, out.length))
}
