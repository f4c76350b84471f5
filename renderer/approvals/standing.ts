import type { Approval, Me } from '../../main/contract/index.ts'

/** How an approval stands at this moment, for this person. */
export type Standing = 'decidable' | 'late' | 'not-yours' | 'sign-in-old' | 'over'

/** `late`: the agent has stopped waiting, and a decision still helps when it comes back. `now`: milliseconds since the epoch. */
export function standingOf(approval: Approval, me: Me | undefined, now: number): Standing {
  if (approval.state !== 'pending' || now >= approval.openUntil) return 'over'
  const recent = me !== undefined && me.decideUntil !== null && now < me.decideUntil
  if (!approval.mayDecide) return !recent && me && couldDecide(approval, me) ? 'sign-in-old' : 'not-yours'
  if (!recent) return 'sign-in-old'
  return approval.waiting && now < approval.waitUntil ? 'decidable' : 'late'
}

/** A recent sign-in is all that is missing. Only for the words on the card: the host decides who may. */
function couldDecide(approval: Approval, me: Me): boolean {
  const own = approval.requester.issuer === me.issuer && approval.requester.subject === me.subject
  const role = me.roles.includes('approver') || me.roles.includes('admin')
  return !own && role && (approval.approvers.length === 0 || approval.approvers.some((group) => me.groups.includes(group)))
}

/** The button says what it grants. */
export function approveWords(approval: Approval, standing: Standing, ceiling: number | null = approval.maxRows): string {
  if (standing === 'late') return 'Approve for when it returns'
  return ceiling === null
    ? 'Approve once'
    : `Approve, ${new Intl.NumberFormat('en-US').format(ceiling)} ${ceiling === 1 ? 'row' : 'rows'} at most`
}
