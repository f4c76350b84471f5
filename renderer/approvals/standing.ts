import type { Approval } from '../../main/contract/index.ts'

/** How an approval stands at this moment, for this person. */
export type Standing = 'decidable' | 'late' | 'not-yours' | 'sign-in-old' | 'over'

/**
 * `late`: the agent has stopped waiting, and a decision still helps when it comes back.
 * @param decideUntil until when this person's sign-in is recent enough; null when it never was. Milliseconds since the epoch.
 */
export function standingOf(approval: Approval, decideUntil: number | null, now: number): Standing {
  if (approval.state !== 'pending' || now >= approval.openUntil) return 'over'
  if (!approval.mayDecide) return 'not-yours'
  if (decideUntil === null || now >= decideUntil) return 'sign-in-old'
  return approval.waiting && now < approval.waitUntil ? 'decidable' : 'late'
}

/** The button says what it grants. */
export function approveWords(approval: Approval, standing: Standing, ceiling: number | null = approval.maxRows): string {
  if (standing === 'late') return 'Approve for when it returns'
  return ceiling === null
    ? 'Approve once'
    : `Approve, ${new Intl.NumberFormat('en-US').format(ceiling)} ${ceiling === 1 ? 'row' : 'rows'} at most`
}
