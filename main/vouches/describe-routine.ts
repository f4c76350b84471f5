import type { Catalog, FunctionInfo } from '../../proxy/catalog/catalog.ts'
import type { Verb } from '../../proxy/statement/facts.ts'
import { bodiesOf } from '../../proxy/statement/routines/bodies.ts'
import { viewsOf } from '../../proxy/statement/views.ts'
import type { TeamFunction } from '../contract/functions.ts'

const KINDS: Readonly<Record<string, TeamFunction['kind']>> = { p: 'procedure', w: 'window' }
const VOLATILITY: Readonly<Record<string, TeamFunction['volatility']>> = { i: 'immutable', s: 'stable' }

/** One function as an admin is shown it, with what the host reads in its body. The parser must have been loaded. */
export function describeRoutine(catalog: Catalog, fn: FunctionInfo): Omit<TeamFunction, 'state' | 'vouch'> {
  const { facts, unread } = bodiesOf(catalog, viewsOf(catalog))(fn)
  const verbs = new Set<Verb>(facts.because.map((one) => one.verb))
  for (const use of facts.relations) verbs.add(use.verb ?? use.access)
  const relations = new Map(facts.relations.map((use) => [`${use.access} ${use.relation}`, { name: use.relation, access: use.access }]))
  const called = facts.unknowns.map((one) => (one.fn === undefined ? undefined : catalog.fn(one.fn)?.signature))
  return {
    oid: fn.oid,
    signature: fn.signature,
    kind: KINDS[fn.kind] ?? 'function',
    language: fn.language,
    volatility: VOLATILITY[fn.volatility] ?? 'volatile',
    securityDefiner: fn.code?.definer ?? false,
    source: fn.code?.sqlBody ?? fn.code?.text ?? '',
    sha256: fn.source ?? '',
    does: {
      verbs: [...verbs],
      relations: [...relations.values()],
      columns: [...new Set(facts.columns.map((use) => `${use.relation}.${use.column}`))],
      calls: [...new Set(called.filter((signature) => signature !== undefined && signature !== fn.signature))] as string[],
      unread: unread ?? null,
    },
    runsOn: [...catalog.relations()].flatMap((relation) =>
      relation.attached.filter((one) => one.fn === fn.oid).map(({ kind, name }) => ({ kind, name, table: relation.label })),
    ),
  }
}
