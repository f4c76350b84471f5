import type { Catalog, CatalogColumn, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { compilePatterns, type PatternSet } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { type Family, shapeOf } from '../../proxy/mask/type-shape.ts'
import type { Upstream } from '../../proxy/ports.ts'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { Unprotected } from '../contract/masking.ts'
import { openSampler, type Sampler } from './read-sample.ts'
import { tellingName } from './telling-names.ts'

export interface UnprotectedInput {
  readonly upstream: Upstream
  readonly catalog: Catalog
  readonly policy: Policy
  /** Milliseconds; when it ends, what was looked at so far is told. */
  readonly budgetMs?: number
}

/** Rows that are read of each table. */
export const SAMPLE_ROWS = 200
const CHARACTERS = 1000
const TABLE_MS = 2000
const BUDGET_MS = 10_000

/** Tables, partitioned tables and materialized views: other relations only show these, or are far away. */
const KINDS = new Set(['r', 'p', 'm'])
const SEARCHED = new Set<Family>(['text', 'json', 'jsonb', 'xml', 'number', 'array', 'other'])
/** A share of numbers has a valid check digit by chance; beyond this it is no chance. */
const NUMBERS_SHARE = 0.2

type Found = Unprotected['columns'][number]

/** Columns without a label whose names, or whose values in a sample, look sensitive. Values are looked at here and told to nobody. */
export async function findUnprotected(input: UnprotectedInput): Promise<Unprotected> {
  const { upstream, catalog, policy } = input
  const until = Date.now() + (input.budgetMs ?? BUDGET_MS)
  const labels = compileLabels(policy, catalog)
  const tables = [...catalog.relations()].filter((one) => KINDS.has(one.kind) && !one.system && !one.temporary && one.parents.length === 0)
  tables.sort((a, b) => (a.label < b.label ? -1 : 1))
  const set = compilePatterns(
    BUILT_IN_PATTERNS.map((one) => ({ name: one.name, mask: 'redact' as const, regex: undefined })),
    { key: policy.tokenKey, connection: policy.connection },
  )
  const columns: Found[] = []
  const skipped: { table: string; why: string }[] = []
  let open = 0
  const sampler = await openSampler(upstream, TABLE_MS)
  try {
    for (const table of tables) {
      const bare = table.columns.filter((column) => labels.all(table.oid, column.attnum).length === 0)
      open += bare.length
      const hits = await lookInto(sampler, table, bare, { catalog, set, until, skipped })
      for (const column of bare) {
        const found = judge(table, column, catalog, policy, hits.get(column))
        if (found !== undefined) columns.push(found)
      }
    }
  } finally {
    sampler.close()
  }
  return { connection: policy.connection, columns, skipped, tables: tables.length, unlabelled: open, sampleRows: SAMPLE_ROWS }
}

interface Hits {
  readonly byPattern: Map<string, number>
  values: number
}

interface Looking {
  readonly catalog: Catalog
  readonly set: PatternSet
  readonly until: number
  readonly skipped: { table: string; why: string }[]
}

async function lookInto(
  sampler: Sampler,
  table: Relation,
  bare: readonly CatalogColumn[],
  { catalog, set, until, skipped }: Looking,
): Promise<Map<CatalogColumn, Hits>> {
  const found = new Map<CatalogColumn, Hits>()
  const searched = bare.filter((column) => SEARCHED.has(familyOf(catalog, column)))
  if (searched.length === 0) return found
  if (Date.now() > until) {
    skipped.push({ table: table.label, why: 'the time was up; its columns were judged by their names alone' })
    return found
  }
  try {
    const rows = await sampler.read(table, searched, SAMPLE_ROWS, CHARACTERS)
    for (const [place, column] of searched.entries()) {
      const values = rows.map((row) => row[place]).filter((value) => value !== null && value !== undefined)
      found.set(column, count(values, set))
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    skipped.push({ table: table.label, why: error.message })
  }
  return found
}

function count(values: readonly string[], set: PatternSet): Hits {
  const byPattern = new Map<string, number>()
  for (const value of values) {
    const bytes = Buffer.from(value)
    if (!set.mayContain(bytes, 0, bytes.length)) continue
    for (const name of new Set(set.find(bytes, 0, bytes.length).map((hit) => hit.pattern)))
      byPattern.set(name, (byPattern.get(name) ?? 0) + 1)
  }
  return { byPattern, values: values.length }
}

function judge(table: Relation, column: CatalogColumn, catalog: Catalog, policy: Policy, hits: Hits | undefined): Found | undefined {
  const family = familyOf(catalog, column)
  const isNumber = family === 'number' || family === 'closed'
  const name = tellingName(column.name, isNumber)
  const patterns = [...(hits?.byPattern ?? [])]
    .filter(([, count]) => family !== 'number' || count >= (hits?.values ?? 0) * NUMBERS_SHARE)
    .map(([pattern, count]) => ({ pattern, hits: count, searchedFor: policy.patterns.some((one) => one.name === pattern) }))
  if (name === undefined && patterns.length === 0) return undefined
  return {
    column: `${table.schema}.${table.name}.${column.name}`,
    type: catalog.type(column.type)?.name ?? '',
    looksLike: name?.what ?? null,
    suggestedLabel: name?.label ?? null,
    values: hits?.values ?? 0,
    patterns,
  }
}

const familyOf = (catalog: Catalog, column: CatalogColumn): Family => shapeOf(column.type, (oid) => catalog.type(oid)).family
