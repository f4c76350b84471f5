import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { BODIES } from './bodies.ts'
import type { Case } from './case.ts'
import { CHANGES } from './changes.ts'
import { COMMANDS } from './commands.ts'
import { EFFECTS } from './effects.ts'
import { EVERYDAY } from './everyday.ts'
import { LINEAGE } from './lineage.ts'
import { SERVER } from './server.ts'
import { SENSITIVE, shopCatalog } from './shop.ts'
import { SUBQUERIES } from './subqueries.ts'

const catalog = shopCatalog()

beforeAll(() => loadModule())

function factsOf(sql: string): StatementFacts {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  expect(analysis.statements).toHaveLength(1)
  return analysis.statements[0] as StatementFacts
}

const words = (all: Iterable<string>): string => [...new Set(all)].sort().join(' ')

/** The sensitive ones among the columns, and whole rows of their tables. */
function sensitive(facts: StatementFacts, how: 'shows' | 'uses'): string {
  const tables = new Set([...SENSITIVE, 'billing.payments_2024.card'].map((name) => name.slice(0, name.lastIndexOf('.'))))
  const isSensitive = (name: string) => [...SENSITIVE, 'billing.payments_2024.card'].includes(name)
  return words(
    facts.columns
      .filter((use) => use.how === how)
      .filter((use) => (use.attnum === 0 ? tables.has(use.relation) : isSensitive(`${use.relation}.${use.column}`)))
      .map((use) => `${use.relation.split('.')[1]}.${use.column}`),
  )
}

function check(one: Case): void {
  const facts = factsOf(one.sql)
  expect({ verbs: words(facts.verbs), unknown: one.unknown === undefined ? facts.unknown.map((found) => found.what) : [] }).toEqual({
    verbs: one.verbs,
    unknown: [],
  })
  if (one.unknown !== undefined) expect(facts.unknown.map((found) => found.what).join('; ')).toContain(one.unknown)
  if (one.shows !== undefined) expect(sensitive(facts, 'shows')).toBe(one.shows)
  if (one.uses !== undefined) expect(sensitive(facts, 'uses')).toBe(one.uses)
  if (one.writes !== undefined)
    expect(words(facts.relations.filter((use) => use.access === 'write').map((use) => use.relation))).toBe(one.writes)
  if (one.out !== undefined) expect((facts.outputs ?? []).map((output) => `${output.name}:${output.from}`).join(' ')).toBe(one.out)
}

describe.each([
  ['everyday', EVERYDAY],
  ['effects', EFFECTS],
  ['changes', CHANGES],
  ['commands', COMMANDS],
  ['server', SERVER],
  ['lineage', LINEAGE],
  ['subqueries', SUBQUERIES],
  ['bodies', BODIES],
] as const)('%s', (_name, cases) => {
  it.each(cases.map((one) => [one.sql, one] as const))('%s', (_sql, one) => check(one))
})
