import type { Verb } from '../statement/facts.ts'
import type { Atom, Taken } from './atoms.ts'
import type { Carried } from './carried.ts'
import type { Reason } from './decide.ts'
import type { Labels } from './labels.ts'
import type { Rule } from './policy.ts'

const MOST = 8

const VERB_WORDS: Readonly<Record<Verb, string>> = {
  read: 'reads',
  write: 'writes',
  ddl: 'changes the schema',
  privilege: 'changes privileges',
  session: 'changes the session',
  transaction: 'belongs to a transaction',
  admin: 'is administration of the server',
  unknown: 'cannot be proved harmless',
}

/** What in the statement met the rule, or what no rule allows. Names only, never a value. */
export function reasonsFor(rule: Rule | undefined, atom: Atom, taken: Taken, labels: Labels): readonly Reason[] {
  const reasons: Reason[] = []
  const { facts } = taken
  if (rule?.uses !== undefined || rule?.shows !== undefined || rule?.touches !== undefined)
    reasons.push(...columnReasons(rule, taken, labels))
  if (rule?.without === 'where' && facts.withoutWhere)
    reasons.push({ what: `${withoutWhere(facts.kind)} has no WHERE, so it changes every row`, offset: facts.span.offset, length: 0 })
  if (rule?.functions !== undefined) {
    for (const fn of facts.functions) reasons.push({ what: `it calls ${fn.name}()`, offset: fn.offset, length: 0 })
  }
  if (reasons.length === 0) reasons.push(...verbReasons(atom, taken))
  return distinct(reasons).slice(0, MOST)
}

/** It may stand inside another statement: a CTE, a DO block, EXPLAIN. */
function withoutWhere(kind: string): string {
  return kind === 'UPDATE' || kind === 'DELETE' ? kind : `an UPDATE or DELETE in ${kind}`
}

function columnReasons(rule: Rule, taken: Taken, labels: Labels): Reason[] {
  const wanted = new Set([...(rule.uses ?? []), ...(rule.shows ?? []), ...(rule.touches ?? [])])
  const reasons: Reason[] = []
  for (const use of taken.facts.columns) {
    const label = labels.all(use.oid, use.attnum).find((one) => wanted.has(one.label))
    if (label === undefined || (use.how === 'shows' && rule.shows === undefined && rule.touches === undefined)) continue
    if (use.how === 'uses' && rule.uses === undefined && rule.touches === undefined) continue
    const name = use.attnum === 0 ? `the whole row of ${use.relation}` : `${use.relation}.${use.column}`
    const what =
      use.how === 'shows' ? `${name} (${label.label}) comes out` : `${name} (${label.label}) is used to choose, join, sort or compute`
    reasons.push({ what, offset: use.offset, length: use.length })
  }
  return reasons
}

function verbReasons(atom: Atom, taken: Taken): Reason[] {
  const { facts, unknown } = taken
  if (atom.verb === 'unknown') {
    return unknown.map((one) => ({ what: inWords(one.what), offset: one.offset, length: one.length }))
  }
  const because = facts.because.filter((one) => one.verb === atom.verb).map((one) => ({ what: one.what, offset: one.offset, length: 0 }))
  const use = atom.relation
  if (use === undefined)
    return because.length > 0 ? because : [{ what: `${facts.kind} ${VERB_WORDS[atom.verb]}`, offset: facts.span.offset, length: 0 }]
  const named = { what: `${facts.kind} ${VERB_WORDS[atom.verb]}: ${use.relation}`, offset: use.offset, length: use.length }
  return because.length > 0 ? [...because.map((one) => ({ ...one, what: `${one.what}: ${use.relation}` })), ...[]] : [named]
}

/** A name that nothing answers to is said to be missing; the rest is there, but nobody can tell what it does. */
function inWords(what: string): string {
  return /^(relation|column|type|function|procedure|field) "/.test(what)
    ? `${what} is not known here`
    : `${what} is not known to be harmless`
}

/** What would lie somewhere without its label. */
export function carriedReasons(carried: readonly Carried[]): readonly Reason[] {
  return distinct(
    carried.map(({ label, from, to, offset }) => ({
      what: `${from} (${label}) would be kept in ${to}, which does not have that label`,
      offset,
      length: 0,
    })),
  ).slice(0, MOST)
}

function distinct(reasons: readonly Reason[]): Reason[] {
  const seen = new Set<string>()
  return reasons.filter((reason) => !seen.has(reason.what) && seen.add(reason.what).size > 0)
}
