import type { Catalog } from '../catalog/catalog.ts'
import type { Identity } from '../ports.ts'
import type { StatementFacts } from '../statement/facts.ts'
import { type Atom, type Taken, type TokensTold, takeApart } from './atoms.ts'
import { type Carried, findCarried } from './carried.ts'
import { hintFor, keepLabelHint } from './hints.ts'
import { compileLabels, SYSTEM_LABEL } from './labels.ts'
import { matches } from './match.ts'
import type { Effect, Policy, Rule } from './policy.ts'
import { carriedReasons, reasonsFor } from './reasons.ts'

/** Why a verdict came out as it did: shown to the agent, the approver and in the recording. */
export interface Reason {
  /** Plain words: `ALTER TABLE is a schema change`. Never a value. */
  readonly what: string
  /** Byte offset in the text. */
  readonly offset: number
  readonly length: number
}

/** The answer of the policy to one string of SQL. Frozen and serialisable. */
export interface Verdict {
  readonly effect: Effect
  /** Undefined when no rule matched, which denies. */
  readonly rule: Rule | undefined
  readonly policyVersion: string
  /** What in the statement met the rule. */
  readonly because: readonly Reason[]
  /** Which statement of the string was the strictest, from 0. */
  readonly statement: number
  /** To an AI agent: what to do instead. */
  readonly hint: string
  /** Labels that the statement touches. */
  readonly labels: readonly string[]
  /** Labelled values that go where their label is not. If the statement runs, the labels go with them. Undefined: none. */
  readonly carried?: readonly Carried[]
}

/** What of the session so far bears on a verdict. */
export interface SessionSoFar {
  /** It has read a table with outsiders' text. */
  readonly untrusted: boolean
}

const FRESH: SessionSoFar = { untrusted: false }

const STRICTNESS: Readonly<Record<Effect, number>> = { allow: 0, ask: 1, deny: 2 }

interface Strictest {
  readonly effect: Effect
  readonly rule: Rule | undefined
  readonly atom: Atom
  readonly taken: Taken
  readonly statement: number
}

/**
 * The one verdict on a string of SQL. Each statement is taken apart; each part takes the first rule that speaks of it, over the policies
 * whose groups the person is in, in the file's order; no rule denies; the strictest part decides. What carries a value away from its label takes
 * more than a rule that allows its parts (docs/decisions/009-labels-follow.md). Pure: the same arguments give the same answer.
 */
export function decide(
  facts: readonly StatementFacts[],
  policy: Policy,
  catalog: Catalog,
  who: Pick<Identity, 'groups'>,
  now: Date,
  told?: TokensTold,
  session: SessionSoFar = FRESH,
): Verdict {
  const labels = compileLabels(policy, catalog)
  const rules = rulesFor(policy, who)
  const touched = new Set<string>()
  let strictest: Strictest | undefined
  const near: ReadonlySet<string>[] = []
  const allowing = new Set<Rule>()
  for (const [statement, one] of facts.entries()) {
    const taken = takeApart(one, policy, catalog, labels, told)
    if (one.carries !== undefined) near[statement] = new Set([...taken.shows, ...taken.uses])
    for (const label of [...taken.shows, ...taken.uses]) if (label !== SYSTEM_LABEL.label) touched.add(label)
    for (const atom of taken.atoms) {
      const rule = rules.find((candidate) => speaks(candidate, atom) && matches(candidate, atom, taken, catalog, now, session))
      if (rule === undefined && atom.behind === true) continue
      const effect = rule?.effect ?? 'deny'
      if (rule?.effect === 'allow') allowing.add(rule)
      if (strictest === undefined || STRICTNESS[effect] > STRICTNESS[strictest.effect]) strictest = { effect, rule, atom, taken, statement }
    }
  }
  if (strictest === undefined) return Object.freeze(nothing(policy))
  const carried = findCarried(facts, labels, catalog, near)
  const verdict = word(strictest, policy, [...touched])
  return Object.freeze(carried.length === 0 ? verdict : withCarried(verdict, strictest, carried))

  /** A rule that allows uses of the label by its name speaks of this too; a rule that asks about them is asked, wherever it stands. */
  function withCarried(verdict: Verdict, found: Strictest, carried: readonly Carried[]): Verdict {
    const named = new Set([...allowing].flatMap((rule) => [...(rule.uses ?? []), ...(rule.touches ?? [])]))
    const more = carriedReasons(carried)
    if (verdict.effect === 'deny' || (verdict.effect === 'allow' && carried.every(({ label }) => named.has(label))))
      return { ...verdict, carried }
    if (verdict.effect === 'ask') return { ...verdict, carried, because: Object.freeze([...verdict.because, ...more]) }
    const asks = rules.find((rule) => isAbout(rule, carried) && matches(rule, found.atom, found.taken, catalog, now, session))
    if (asks !== undefined) {
      const asked = word({ ...found, effect: 'ask', rule: asks }, policy, verdict.labels)
      return { ...asked, carried, because: Object.freeze([...asked.because, ...more]) }
    }
    const hint = keepLabelHint(carried)
    return { ...verdict, effect: 'deny', rule: undefined, because: Object.freeze([...more]), hint, carried }
  }

  function word(found: Strictest, from: Policy, names: readonly string[]): Verdict {
    const { effect, rule, atom, taken, statement } = found
    return {
      effect,
      rule,
      policyVersion: from.version,
      because: Object.freeze(reasonsFor(rule, atom, taken, labels)),
      statement,
      hint: hintFor(effect, rule, atom, taken, labels),
      labels: Object.freeze(names),
    }
  }
}

function isAbout(rule: Rule, carried: readonly Carried[]): boolean {
  return rule.effect === 'ask' && carried.some(({ label }) => rule.uses?.includes(label) === true || rule.touches?.includes(label) === true)
}

function speaks(rule: Rule, atom: Atom): boolean {
  return atom.behind !== true || rule.tables !== undefined
}

/** An empty string does nothing. */
function nothing(policy: Policy): Verdict {
  return { effect: 'allow', rule: undefined, policyVersion: policy.version, because: [], statement: 0, hint: '', labels: [] }
}

function rulesFor(policy: Policy, who: Pick<Identity, 'groups'>): readonly Rule[] {
  return policy.policies.filter((group) => group.groups.some((name) => who.groups.includes(name))).flatMap((group) => group.rules)
}
