import type { Catalog } from '../catalog/catalog.ts'
import type { Equality, RelationUse, StatementFacts, Unknown, Verb } from '../statement/facts.ts'
import type { Labels } from './labels.ts'
import type { Policy } from './policy.ts'

/** One thing that a statement does: each must be allowed by itself. */
export interface Atom {
  readonly verb: Verb
  /** Undefined: it does not concern one relation. */
  readonly relation: RelationUse | undefined
  /** Reached by code that the team wrote and stands by: only a rule that names the relation speaks of it. */
  readonly behind?: true
}

/** Equalities whose constants and parameters are all tokens that this person was shown, and the labels that they are tokens of. */
export type TokensTold = ReadonlyMap<Equality, ReadonlySet<string>>

const NOTHING_TOLD: TokensTold = new Map()

/** A statement with what the policy's names mean for it. */
export interface Taken {
  readonly facts: StatementFacts
  readonly atoms: readonly Atom[]
  readonly unknown: readonly Unknown[]
  readonly shows: ReadonlySet<string>
  readonly uses: ReadonlySet<string>
}

/**
 * Takes a statement apart. Relations that are only reached through a view need no leave of their own. What a function of the team's writes does; for
 * what it reads, and for what a trigger writes, a rule that names it holds (docs/decisions/006-code-in-the-database.md).
 */
export function takeApart(facts: StatementFacts, policy: Policy, catalog: Catalog, labels: Labels, told: TokensTold = NOTHING_TOLD): Taken {
  const unknown = facts.unknown.filter((one) => !isVouched(one, policy, catalog))
  const atoms: Atom[] = []
  const covered = new Set<Verb>()
  for (const use of facts.relations) {
    if (use.by === 'trigger' && (use.access === 'read' || isVouched(use, policy, catalog))) continue
    if (use.via !== undefined && use.by === undefined) continue
    const verb = use.verb ?? use.access
    if (use.by === 'trigger' || (use.by === 'function' && verb === 'read')) {
      atoms.push({ verb, relation: use, behind: true })
      continue
    }
    covered.add(verb)
    if (!atoms.some((atom) => atom.verb === verb && atom.relation?.oid === use.oid)) atoms.push({ verb, relation: use })
  }
  for (const verb of facts.verbs) {
    if (covered.has(verb) || (verb === 'unknown' && unknown.length === 0)) continue
    atoms.push({ verb, relation: undefined })
  }
  if (atoms.every((atom) => atom.behind === true)) atoms.push({ verb: 'read', relation: undefined })
  const shows = new Set<string>()
  const uses = new Set<string>()
  for (const use of facts.columns) {
    const known = use.equals === undefined ? undefined : told.get(use.equals)
    for (const label of labels.all(use.oid, use.attnum)) {
      // Compared with nothing but tokens of this label that were shown: that tells no more than showing it masked does.
      const shown = use.how === 'shows' || (label.predicates === true && known?.has(label.label) === true)
      ;(shown ? shows : uses).add(label.label)
    }
  }
  return { facts, atoms, unknown, shows, uses }
}

/** An admin has read this very source, and says that it is harmless. */
export function isVouched(unknown: Pick<Unknown, 'fn'>, policy: Policy, catalog: Catalog): boolean {
  const fn = unknown.fn === undefined ? undefined : catalog.fn(unknown.fn)
  if (fn?.source === undefined) return false
  return policy.vouched.some((one) => one.function === fn.signature && one.source === fn.source)
}
