import { randomBytes } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Catalog, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { formsForType, typeNameOf } from '../../proxy/mask/forms-for-type.ts'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { shapeOf } from '../../proxy/mask/type-shape.ts'
import { compileLabels } from '../../proxy/verdict/labels.ts'
import { compilePattern } from '../../proxy/verdict/patterns.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { CatalogTable, PatternHits } from '../contract/catalog.ts'
import { tellingName } from '../masking/telling-names.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { serveCall } from './serve-call.ts'

const KINDS: Readonly<Record<string, CatalogTable['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
}

/** What can be labelled: tables with their columns, and patterns with what they find. Names and types only, never a value. */
export function serveCatalog(app: OpenAPIHono, context: ApiContext): void {
  const { upstreams, gateway, policies } = context

  serveCall(app, context, 'catalog', async ({ params: { name } }) => {
    const upstream = upstreams.own(name)
    if (upstream === undefined) throw new ApiProblem(404, 'not-found', `There is no connection "${name}".`)
    try {
      return { connection: name, tables: tablesOf(await gateway.catalog(upstream), policies.current(name)) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      throw new ApiProblem(503, error.code, `The database behind "${name}" cannot be asked for its tables: ${error.message}.`)
    }
  })

  serveCall(app, context, 'builtInPatterns', () => ({
    items: BUILT_IN_PATTERNS.map(({ name, what, falsePositives }) => ({ name, what, falsePositives })),
  }))

  serveCall(app, context, 'testPatterns', ({ body }) => ({ hits: search(body.text, body.patterns) }))
}

function tablesOf(catalog: Catalog, policy: Policy): CatalogTable[] {
  const labels = compileLabels(policy, catalog)
  const untrusted = policy.untrusted.map(compilePattern)
  const tables: CatalogTable[] = []
  for (const relation of catalog.relations()) {
    const kind = KINDS[relation.kind]
    if (kind === undefined || relation.system || relation.temporary) continue
    const { schema, name } = relation
    tables.push({
      schema,
      name,
      kind,
      untrusted: untrusted.some((pattern) => pattern([schema, name])),
      columns: columnsOf(relation, catalog, labels),
    })
  }
  return tables.sort((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function columnsOf(relation: Relation, catalog: Catalog, labels: ReturnType<typeof compileLabels>): CatalogTable['columns'] {
  return relation.columns
    .filter(({ attnum }) => attnum > 0)
    .map((column) => {
      const label = labels.of(relation.oid, column.attnum)
      const type = typeNameOf(catalog, column.type)
      const { family } = shapeOf(column.type, (oid) => catalog.type(oid))
      const telling = tellingName(column.name, family === 'number' || family === 'closed')
      return {
        name: column.name,
        type,
        label: label?.label ?? null,
        form: label?.mask ?? null,
        forms: [...formsForType(type)],
        looksLike: telling?.what ?? null,
        suggestedLabel: telling?.label ?? null,
      }
    })
}

/** With a key of its own: nobody may learn here which token a value has. */
function search(
  text: string,
  patterns: readonly {
    readonly name: string
    readonly regex?: string | undefined
    readonly mask: 'redact' | 'partial' | 'null' | 'token'
  }[],
): PatternHits['hits'] {
  const bytes = Buffer.from(text)
  try {
    const set = compilePatterns(
      patterns.map(({ name, regex, mask }) => ({ name, regex, mask })),
      { key: randomBytes(32), connection: 'test' },
    )
    if (!set.mayContain(bytes, 0, bytes.length)) return []
    const inText = (at: number): number => bytes.toString('utf8', 0, at).length
    return set
      .find(bytes, 0, bytes.length)
      .slice(0, 500)
      .map(({ start, end, pattern, replacement }) => ({
        start: inText(start),
        end: inText(end),
        pattern,
        replacement: replacement ?? null,
      }))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new ApiProblem(400, 'configuration', `A pattern cannot be used: ${error.message}.`)
  }
}
