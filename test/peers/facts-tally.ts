import type { Catalog } from '../../proxy/catalog/catalog.ts'
import type { StatementFacts, Unknown } from '../../proxy/statement/facts.ts'

/** Why a statement's facts are not complete. `design`: code that the script itself made. `server`: the server refuses the statement as well. */
export type Cause = 'design' | 'server' | 'ours'

export interface Counted {
  readonly statements: number
  readonly unknown: Readonly<Record<Cause, number>>
}

export interface Tally {
  add(facts: StatementFacts, sql: string, code: string | undefined, catalog: Catalog, place: string): void
  all(): Counted
  selects(): Counted
  /** Reasons that are ours, of SELECTs: what, how often, the first place. */
  reasons(): readonly { readonly what: string; readonly count: number; readonly place: string }[]
}

/** Errors that tell of the text itself: syntax, names, types (class 42), a missing schema, a feature that is not there. */
const REFUSES_TEXT = /^(42|3F|0A|3D|26)/

export function createTally(): Tally {
  const all = { statements: 0, unknown: { design: 0, server: 0, ours: 0 } }
  const selects = { statements: 0, unknown: { design: 0, server: 0, ours: 0 } }
  const reasons = new Map<string, { count: number; place: string }>()
  return {
    add(facts, sql, code, catalog, place) {
      const select = facts.kind === 'SELECT' || facts.kind === 'VALUES'
      all.statements += 1
      if (select) selects.statements += 1
      if (facts.unknown.length === 0) return
      const strange = facts.unknown.filter((one) => !isMade(one, catalog))
      const cause: Cause = code !== undefined && REFUSES_TEXT.test(code) ? 'server' : strange.length === 0 ? 'design' : 'ours'
      all.unknown[cause] += 1
      if (!select) return
      selects.unknown[cause] += 1
      if (cause !== 'ours') return
      for (const what of new Set(strange.map((one) => one.what))) {
        const kept = reasons.get(what)
        if (kept === undefined) reasons.set(what, { count: 1, place: `${place} ${sql.replace(/\s+/g, ' ').slice(0, 160)}` })
        else kept.count += 1
      }
    },
    all: () => all,
    selects: () => selects,
    reasons: () => [...reasons].map(([what, one]) => ({ what, ...one })).sort((a, b) => b.count - a.count),
  }
}

/** Made by the script: a function, operator, type or cast that is not PostgreSQL's own, or a rule. */
function isMade(one: Unknown, catalog: Catalog): boolean {
  if (one.fn !== undefined) return (catalog.fn(one.fn)?.system ?? false) === false
  const what = one.what.replace(/ \(in view .*\)$/, '')
  if (/^(rule on |cast through function|type .*, which runs code)/.test(what)) return true
  const named = /^(?:function|procedure|operator|aggregate) ("[^"]+"|\w+)\./.exec(what)
  return named !== null && named[1] !== 'pg_catalog' && named[1] !== 'information_schema'
}
