import { recentSignIn } from '../identity/recent-sign-in.ts'
import type { Decider } from './decider.ts'
import { type Human, sameHuman } from './same-human.ts'

export type RefusalKind = 'agent' | 'own' | 'role' | 'group' | 'sign-in'

export interface DecisionRefusal {
  readonly kind: RefusalKind
  /** To the one who may not. */
  readonly text: string
}

/** What of a request bears on who may decide it. */
export interface DecidableRequest {
  readonly issuer: string
  readonly subject: string
  /** How the requester came: through an agent, or as themselves. */
  readonly throughAgent: boolean
  readonly approvers: readonly string[]
  readonly human: Human
}

/** Why someone may not decide; undefined when they may. The one place that answers this, for the page and for the decision. */
export function refuseDecider(request: DecidableRequest, who: Decider, now: number, recentSignInMs: number): DecisionRefusal | undefined {
  const others = request.approvers.length === 0 ? 'Someone else' : `Someone else from ${orList(request.approvers)}`
  if (who.kind === 'agent') {
    return { kind: 'agent', text: 'An agent cannot decide, whatever groups it is in. A person signs in on the page and decides there.' }
  }
  const same = sameHuman(request, who)
  if (same !== undefined) {
    const own = request.throughAgent ? 'This is your own agent.' : 'This is your own request.'
    const what = same === 'email' ? 'Whoever asks has the same verified e-mail address as you.' : own
    return { kind: 'own', text: `${what} ${others} has to decide.` }
  }
  if (!who.roles.includes('approver') && !who.roles.includes('admin')) {
    return { kind: 'role', text: `Deciding needs the role of approver, which none of your groups gives. ${others} has to decide.` }
  }
  if (request.approvers.length > 0 && !request.approvers.some((group) => who.groups.includes(group))) {
    return { kind: 'group', text: `The rule names ${orList(request.approvers)}, and you are not among them. ${others} has to decide.` }
  }
  if (!recentSignIn(who.signInAt, recentSignInMs, now)) {
    const minutes = Math.max(1, Math.round(recentSignInMs / 60_000))
    return {
      kind: 'sign-in',
      text: `Your sign-in is too old: a decision needs one from the last ${minutes} min. Sign in again, then decide.`,
    }
  }
  return undefined
}

function orList(groups: readonly string[]): string {
  return groups.join(' or ')
}
