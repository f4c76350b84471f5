import type { Policy } from '../../proxy/verdict/policy.ts'
import type { LabelOf } from './mark-text.ts'

const made = new WeakMap<Policy, LabelOf>()

/** Which label a column (`schema.table.column`) carries under a policy; the whole row (`*`) carries that of any of its columns. */
export function labelColumns(policy: Policy): LabelOf {
  const known = made.get(policy)
  if (known !== undefined) return known
  const patterns = policy.sensitive.flatMap((one) => one.columns.map((pattern) => ({ label: one.label, parts: pattern.split('.') })))
  const labelOf: LabelOf = (column) => {
    const parts = column.split('.')
    return patterns.find((pattern) => pattern.parts.length === parts.length && pattern.parts.every((part, i) => fits(part, parts[i] ?? '')))
      ?.label
  }
  made.set(policy, labelOf)
  return labelOf
}

/** Whether a name of several parts (`public.customers`) is one of those that a pattern means, part by part. */
export function fitsName(pattern: string, name: string): boolean {
  const patterns = pattern.split('.')
  const parts = name.split('.')
  return patterns.length === parts.length && patterns.every((part, at) => fits(part, parts[at] ?? ''))
}

function fits(pattern: string, name: string): boolean {
  if (name === '*' || pattern === '*' || pattern === name) return true
  if (!pattern.includes('*')) return false
  const pieces = pattern.split('*').map((piece) => piece.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${pieces.join('.*')}$`).test(name)
}
