import type { Approval } from '../../main/contract/index.ts'

/** One in the inbox: a single request, or many alike from one session, which are shown as one. */
export type Gathered =
  | { readonly kind: 'one'; readonly approval: Approval }
  | { readonly kind: 'many'; readonly first: Approval; readonly all: readonly Approval[] }

/** So many alike ones become one entry. */
export const MANY = 6

/** Alike: from the same session, held by the same rule, with the same sentence. Each stands where the first of its kind arrived. */
export function gather(waiting: readonly Approval[]): Gathered[] {
  const kinds = new Map<string, Approval[]>()
  for (const approval of waiting) {
    const key = [approval.sessionId, approval.rule?.id ?? '', approval.sentence].join('\n')
    const kind = kinds.get(key)
    if (kind) kind.push(approval)
    else kinds.set(key, [approval])
  }
  const gathered: Gathered[] = []
  for (const all of kinds.values()) {
    const first = all[0]
    if (first === undefined) continue
    if (all.length >= MANY) gathered.push({ kind: 'many', first, all })
    else for (const approval of all) gathered.push({ kind: 'one', approval })
  }
  return gathered.sort((a, b) => order(a) - order(b))
}

const order = (one: Gathered) => (one.kind === 'one' ? one.approval.askedAt : one.first.askedAt)
