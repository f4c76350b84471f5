import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'

/** Why a statement is not run or planned by the host itself, in words; undefined: it only reads, and runs nothing but PostgreSQL's own code. */
export function whyNotRead(facts: readonly StatementFacts[], catalog: Catalog): string | undefined {
  const unseen = whyNotSeen(facts, catalog)
  if (unseen !== undefined) return unseen
  for (const one of facts) {
    const unknown = one.unknown[0]
    if (unknown !== undefined) return `${unknown.what} is not known to be harmless`
    if (one.verbs.some((verb) => verb !== 'read')) return 'it does more than read'
    const volatile = one.functions.find((fn) => isVolatile(fn.name, catalog))
    if (volatile !== undefined) return `${volatile.name.replace(/^pg_catalog\./, '')}() gives another answer each time`
  }
  return undefined
}

/** Something that the agent's session sees and the host's own connection does not: a temporary table, or one that its open transaction made. */
export function whyNotSeen(facts: readonly StatementFacts[], catalog: Catalog): string | undefined {
  const hidden = facts.flatMap((one) => one.relations).find((use) => catalog.relation(use.oid)?.temporary !== false)
  return hidden === undefined ? undefined : `${hidden.relation} is seen by its own session only`
}

/** Any of the functions that the name may mean. */
export function isVolatile(qualified: string, catalog: Catalog): boolean {
  const dot = qualified.lastIndexOf('.')
  const schema = qualified.slice(0, dot)
  const meant = catalog.functionsNamed(qualified.slice(dot + 1)).filter((fn) => dot < 0 || fn.schema === schema)
  return meant.some((fn) => fn.volatility === 'v')
}

/**
 * A name without a schema that several relations have: which of them is meant depends on settings of the agent's session, which the host's own
 * connection does not share.
 */
export function ambiguousName(facts: readonly StatementFacts[], catalog: Catalog): string | undefined {
  const byOffset = new Map<number, Set<number>>()
  for (const use of facts.flatMap((one) => one.relations)) {
    if (use.via !== undefined) continue
    const meant = byOffset.get(use.offset) ?? new Set()
    meant.add(use.oid)
    byOffset.set(use.offset, meant)
    if (meant.size > 1) return catalog.relation(use.oid)?.name ?? use.relation
  }
  return undefined
}
