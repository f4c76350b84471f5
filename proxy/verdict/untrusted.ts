import type { Catalog } from '../catalog/catalog.ts'
import type { StatementFacts } from '../statement/facts.ts'
import { familyOf } from './labels.ts'
import { compilePattern, splitName } from './patterns.ts'
import type { Policy } from './policy.ts'

interface Kept {
  readonly policy: Policy
  readonly catalog: Catalog
  readonly tables: readonly string[]
}

const NONE: readonly string[] = []
const kept = new WeakMap<readonly StatementFacts[], Kept>()

/** Tables with outsiders' text (`untrusted:`) that these statements read, by whatever way: through a view, a partition, a function that was looked into. */
export function untrustedTables(facts: readonly StatementFacts[], policy: Policy, catalog: Catalog): readonly string[] {
  const known = kept.get(facts)
  if (known !== undefined && known.policy === policy && known.catalog === catalog) return known.tables
  const tables = find(facts, policy, catalog)
  kept.set(facts, { policy, catalog, tables })
  return tables
}

function find(facts: readonly StatementFacts[], policy: Policy, catalog: Catalog): readonly string[] {
  const patterns = policy.untrusted.map(compilePattern)
  const found = new Set<string>()
  for (const { use, answers } of facts.flatMap((one) => one.relations.map((use) => ({ use, answers: one.outputs !== undefined })))) {
    // A write reads what its RETURNING gives.
    if (use.access !== 'read' && !answers) continue
    const relation = catalog.relation(use.oid)
    const names = relation === undefined ? [use.relation] : familyOf(catalog, relation).map((one) => one.label)
    for (const name of names) if (patterns.some((matches) => matches(splitName(name)))) found.add(name)
  }
  return found.size === 0 ? NONE : [...found]
}
