import type { PolicySource, RuleSource } from './read-draft.ts'

export interface RuleStand {
  /** `moved`: it says the same, and is asked before or after others than it was. */
  readonly state: 'same' | 'changed' | 'new' | 'moved'
  /** The rule in force that it comes from. */
  readonly before: RuleSource | undefined
}

export interface PolicyStand {
  readonly isNew: boolean
  readonly headChanged: boolean
  /** One for each rule of the draft, in its order. */
  readonly rules: readonly RuleStand[]
  /** Rules in force that the draft has no more. */
  readonly removed: readonly RuleSource[]
}

/** How each rule of a draft's policy stands to the one in force. Rules have no names: they are known again by what they say. */
export function comparePolicy(draft: PolicySource, inForce: PolicySource | undefined): PolicyStand {
  if (!inForce) {
    const rules = draft.rules.map((): RuleStand => ({ state: 'new', before: undefined }))
    return { isNew: true, headChanged: false, rules, removed: [] }
  }
  const origins = matchRules(draft.rules, inForce.rules)
  const stays = longestRising(origins)
  const rules = draft.rules.map((rule, place): RuleStand => {
    const origin = origins[place]
    const before = origin === undefined ? undefined : inForce.rules[origin]
    if (!before) return { state: 'new', before: undefined }
    if (textOf(before) !== textOf(rule)) return { state: 'changed', before }
    return { state: stays.has(place) ? 'same' : 'moved', before }
  })
  const kept = new Set(origins)
  const headChanged = textOf([draft.groups, draft.connections]) !== textOf([inForce.groups, inForce.connections])
  return { isNew: false, headChanged, rules, removed: inForce.rules.filter((_, place) => !kept.has(place)) }
}

/** For each new rule the place of the old one that it was; equal ones first, then those with most in common. */
function matchRules(draft: readonly RuleSource[], inForce: readonly RuleSource[]): (number | undefined)[] {
  const pairs = draft.flatMap((rule, to) =>
    inForce.map((old, from) => ({ to, from, like: likeness(rule, old) - Math.abs(to - from) / 1000 })),
  )
  const origins: (number | undefined)[] = draft.map(() => undefined)
  const taken = new Set<number>()
  for (const { to, from, like } of pairs.sort((a, b) => b.like - a.like)) {
    if (like < 0.4 || origins[to] !== undefined || taken.has(from)) continue
    origins[to] = from
    taken.add(from)
  }
  return origins
}

/** 2 for the same, else the part of their keys that say the same. */
function likeness(one: RuleSource, other: RuleSource): number {
  if (textOf(one) === textOf(other)) return 2
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  let alike = 0
  for (const key of keys) if (textOf(one[key]) === textOf(other[key])) alike++
  return alike / keys.size
}

/** Places whose origins stay in order, as many as there can be: what is not among them was moved. */
function longestRising(origins: readonly (number | undefined)[]): Set<number> {
  let best: readonly number[] = []
  const endingAt = new Map<number, readonly number[]>()
  origins.forEach((origin, place) => {
    if (origin === undefined) return
    let before: readonly number[] = []
    for (const [at, run] of endingAt) if ((origins[at] ?? 0) < origin && run.length > before.length) before = run
    const run = [...before, place]
    endingAt.set(place, run)
    if (run.length > best.length) best = run
  })
  return new Set(best)
}

const textOf = (value: unknown): string => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value) ?? ''
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
