import { compileLabels } from '../verdict/labels.ts'
import type { JudgedHere } from './unit.ts'

/** Errors quote values: of labelled columns, and of whatever unknown code has read. */
export function mayTellSecrets({ judged }: { readonly judged: JudgedHere }): boolean {
  return judged.verdict.labels.length > 0 || readsUnseen(judged)
}

/** Code that nobody could look into may read any column. */
export function readsUnseen({ policy, facts }: Pick<JudgedHere, 'policy' | 'facts'>): boolean {
  return policy.sensitive.length > 0 && facts.some((one) => one.unknown.length > 0)
}

/** It changes rows or the shape of a table that has a labelled column: what is told of a constraint or a conversion that failed quotes the row whole. */
export function changesLabelled({ judged }: { readonly judged: JudgedHere }): boolean {
  if (judged.policy.sensitive.length === 0) return false
  const labels = compileLabels(judged.policy, judged.catalog)
  return judged.facts.some((facts) => facts.relations.some((use) => use.access === 'write' && labels.of(use.oid, 0) !== undefined))
}
