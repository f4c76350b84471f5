import type { Approval } from '../../main/contract/index.ts'
import type { Outcome } from '../ui/parts/verdict-mark.tsx'

const outcomes: Record<Approval['state'], Outcome> = {
  pending: 'held',
  approved: 'approved',
  used: 'approved',
  denied: 'denied-by-person',
  expired: 'lapsed',
  withdrawn: 'lapsed',
}

export const outcomeOf = (approval: Pick<Approval, 'state'>): Outcome => outcomes[approval.state]

/** One line on how it ended: `Approved by Jonas Weber · ran`. `me`: the reader's issuer and subject. */
export function endWords(approval: Approval, me?: { readonly issuer: string; readonly subject: string }): string {
  const by = approval.decision?.by
  const who = by === undefined ? 'someone' : by.subject === me?.subject && by.issuer === me.issuer ? 'you' : by.name
  switch (approval.state) {
    case 'pending':
      return 'Waits for a person'
    case 'approved':
      return `Approved by ${who} · has not run yet`
    case 'used':
      return `Approved by ${who} · ran`
    case 'denied':
      return `Denied by ${who}`
    case 'expired':
      return 'Expired · nobody decided in time'
    case 'withdrawn':
      return 'Withdrawn · the agent took it back'
  }
}
