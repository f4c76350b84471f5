import { isVouched } from '../verdict/atoms.ts'
import { compileLabels } from '../verdict/labels.ts'
import type { JudgedHere } from './unit.ts'

/** Errors quote values: of labelled columns, and of whatever unknown code has read. */
export function mayTellSecrets({ judged }: { readonly judged: JudgedHere }): boolean {
  const { policy, facts, verdict } = judged
  return verdict.labels.length > 0 || readsUnseen(judged) || (policy.sensitive.length > 0 && facts.some((one) => one.unknown.length > 0))
}

/** Code that nobody could look into or vouches for may read any column, and so may functions of the server that are given a query or a file's name. */
export function readsUnseen({ policy, catalog, facts }: Pick<JudgedHere, 'policy' | 'catalog' | 'facts'>): boolean {
  if (policy.sensitive.length === 0) return false
  return facts.some((one) => one.verbs.includes('admin') || one.unknown.some((code) => !isVouched(code, policy, catalog)))
}

/** It changes rows or the shape of a table that has a labelled column: what is told of a constraint or a conversion that failed quotes the row whole. */
export function changesLabelled({ judged }: { readonly judged: JudgedHere }): boolean {
  if (judged.policy.sensitive.length === 0) return false
  const labels = compileLabels(judged.policy, judged.catalog)
  return judged.facts.some((facts) => facts.relations.some((use) => use.access === 'write' && labels.of(use.oid, 0) !== undefined))
}

/** COMMIT and SET CONSTRAINTS do what earlier statements left to be done. */
export function endsTransaction({ judged }: { readonly judged: JudgedHere }): boolean {
  return judged.facts.some((facts) => facts.verbs.includes('transaction'))
}
