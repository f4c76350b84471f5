import { isDeepStrictEqual } from 'node:util'
import { VERBS, type Verb } from '../../proxy/statement/facts.ts'
import type { KeyPath } from './document.ts'
import type { Config, PolicyConfig, RuleConfig } from './types.ts'

/** Nothing wrong, and perhaps not what was meant. */
export interface RuleWarning {
  readonly kind: 'unreachable' | 'overlap' | 'unused'
  readonly path: KeyPath
  readonly message: string
}

interface Placed {
  readonly policy: PolicyConfig
  readonly rule: RuleConfig
  /** `agents-on-shop/3` */
  readonly id: string
  readonly path: KeyPath
}

/** Keys of a rule that say nothing of what it matches. All others narrow it. */
const NO_CONDITIONS = new Set(['line', 'effect', 'approvers', 'approvals', 'waitMs', 'maxRows', 'passkey', 'message', 'reason'])
/** Conditions that are compared by what they mean; any other only covers what says the same. */
const UNDERSTOOD = new Set(['statements', 'tables', 'touches', 'shows', 'uses', 'functions'])

/**
 * Rules that can never decide because rules above them always do, rules that lose a part to one above with another effect, and what nothing uses.
 * It knows only what is certain: a rule without a word here may still be shadowed by several others together.
 */
export function analyseRules(config: Pick<Config, 'policies' | 'connections'>): RuleWarning[] {
  const rules = config.policies.flatMap((policy, i) =>
    policy.rules.map((rule, j): Placed => ({ policy, rule, id: `${policy.name}/${j + 1}`, path: ['policies', i, 'rules', j] })),
  )
  return [...rules.flatMap((later, place) => shadowed(later, rules.slice(0, place))), ...unused(config)]
}

function shadowed(later: Placed, earlier: readonly Placed[]): RuleWarning[] {
  const verbs = later.rule.statements ?? VERBS
  const tables = later.rule.tables ?? [undefined]
  const takenBy = new Map<Verb, Placed>()
  let open = false
  for (const verb of verbs) {
    for (const table of tables) {
      const first = coveringAll(later, earlier, verb, table)
      if (first === undefined) open = true
      else takenBy.set(verb, first)
    }
  }
  if (takenBy.size === 0) return []
  const by = [...new Set([...takenBy.values()].map(({ id }) => `"${id}"`))].join(', ')
  const but = later.rule.tables === undefined ? '' : ' (it still speaks of what the team’s own functions and triggers do)'
  if (!open) {
    const never = later.rule.effect === 'deny' ? 'this deny never holds' : 'this rule never decides'
    return [{ kind: 'unreachable', path: later.path, message: `${never}: ${by} above decides all that it speaks of${but}.` }]
  }
  const other = [...takenBy].filter(([verb, first]) => first.rule.effect !== later.rule.effect && later.rule.statements?.includes(verb))
  if (other.length === 0) return []
  const parts = other.map(([verb, first]) => `${verb} by "${first.id}" (${first.rule.effect})`)
  return [{ kind: 'overlap', path: later.path, message: `a part of it is decided above: ${parts.join(', ')}.` }]
}

/** The first rule that decides this part for whoever is in any of the policy's groups, on each of its connections. */
function coveringAll(later: Placed, earlier: readonly Placed[], verb: Verb, table: string | undefined): Placed | undefined {
  let found: Placed | undefined
  for (const connection of later.policy.connections) {
    for (const group of later.policy.groups) {
      const first = earlier.find(
        ({ policy, rule }) =>
          policy.connections.includes(connection) && policy.groups.includes(group) && covers(rule, later.rule, verb, table),
      )
      if (first === undefined) return undefined
      found ??= first
    }
  }
  return found
}

/** Whether the first rule speaks of all that the second does, as far as this verb and this pattern of tables go. */
function covers(first: RuleConfig, second: RuleConfig, verb: Verb, table: string | undefined): boolean {
  return (
    (first.statements === undefined || first.statements.includes(verb)) &&
    coversTables(first, second, table) &&
    coversLabels(first.touches, second.touches, second.shows, second.uses) &&
    coversLabels(first.shows, second.shows) &&
    coversLabels(first.uses, second.uses) &&
    coversFunctions(first, second) &&
    coversOthers(first, second)
  )
}

/** `allow` speaks of relations by their own name and of what concerns none; `ask` and `deny` of all that is reached: `match.ts`. */
function coversTables(first: RuleConfig, second: RuleConfig, table: string | undefined): boolean {
  if (first.tables === undefined) return true
  const all = first.effect === 'allow' && first.tables.includes('*.*')
  if (table === undefined) return all
  if (first.effect === 'allow' && second.effect !== 'allow') return all
  if (first.effect !== 'allow' && second.effect === 'allow') return false
  return first.tables.some((pattern) => coversPattern(pattern, table))
}

/** A rule's conditions must all hold, and any label of one suffices: one of its lists inside the wide one is enough. */
function coversLabels(wide: readonly string[] | undefined, ...lists: readonly (readonly string[] | undefined)[]): boolean {
  return wide === undefined || lists.some((list) => list?.every((label) => wide.includes(label)))
}

function coversFunctions(first: RuleConfig, second: RuleConfig): boolean {
  if (first.functions === undefined) return true
  if (second.functions === undefined || (first.effect === 'allow') !== (second.effect === 'allow')) return false
  return second.functions.every((fn) => first.functions?.some((pattern) => coversPattern(pattern, fn)))
}

function coversOthers(first: RuleConfig, second: RuleConfig): boolean {
  const other = new Map(Object.entries(second))
  return Object.entries(first).every(
    ([key, value]) =>
      value === undefined || value === false || NO_CONDITIONS.has(key) || UNDERSTOOD.has(key) || isDeepStrictEqual(value, other.get(key)),
  )
}

/** Part by part: the same, or `*` for anything, or a beginning or an end that the other has too. */
export function coversPattern(wide: string, narrow: string): boolean {
  const [w, n] = [wide.split('.'), narrow.split('.')]
  return w.length === n.length && w.every((part, i) => coversPart(part, n[i] ?? ''))
}

function coversPart(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true
  const pieces = wide.split('*')
  if (pieces.length !== 2) return false
  const [start = '', end = ''] = pieces
  // Where the narrow one begins or ends with "*" it may be anything there.
  const head = narrow.split('*')[0] ?? ''
  const tail = narrow.split('*').at(-1) ?? ''
  if (!narrow.includes('*')) return narrow.length >= start.length + end.length && narrow.startsWith(start) && narrow.endsWith(end)
  return head.startsWith(start) && tail.endsWith(end)
}

function unused({ policies, connections }: Pick<Config, 'policies' | 'connections'>): RuleWarning[] {
  const warnings: RuleWarning[] = []
  connections.forEach((connection, i) => {
    const speaking = policies.filter((policy) => policy.connections.includes(connection.name))
    const reached = speaking.some((policy) => policy.groups.some((group) => connection.groups.includes(group)))
    if (reached) return
    const why = speaking.length === 0 ? 'no policy speaks of it' : 'no policy speaks of the groups that may use it'
    warnings.push({ kind: 'unused', path: ['connections', i], message: `${why}: everything on "${connection.name}" is denied.` })
  })
  policies.forEach((policy, i) => {
    policy.groups.forEach((group, j) => {
      const open = connections.some((one) => policy.connections.includes(one.name) && one.groups.includes(group))
      // Whoever may connect by another group keeps the rules of this one, so this is no fault.
      if (open) return
      const message = `none of the policy's connections is for "${group}": it holds only for those who may connect by another group.`
      warnings.push({ kind: 'unused', path: ['policies', i, 'groups', j], message })
    })
  })
  return warnings
}
