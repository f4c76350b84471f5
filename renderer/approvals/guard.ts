/** Milliseconds in which a card that has just appeared, changed or gained focus takes no decision: the click was meant for something else. */
export const INERT_MS = 600
/** Milliseconds for which `A` stays armed. */
export const ARMED_MS = 3000

/** Whether a decision is taken now. Plain data, so that each way through it can be tested without a clock or a page. */
export interface Guard {
  readonly inertUntil: number
  readonly armedUntil: number
  /** A decision has been sent and the host has not answered. */
  readonly sending: 'approve' | 'deny' | undefined
}

export type GuardEvent =
  /** The card appeared, its revision changed, or the window gained focus. */
  | { readonly type: 'changed' }
  | { readonly type: 'arm' }
  | { readonly type: 'drop' }
  | { readonly type: 'send'; readonly decision: 'approve' | 'deny' }
  | { readonly type: 'answered' }

export const freshGuard = (now: number): Guard => ({ inertUntil: now + INERT_MS, armedUntil: 0, sending: undefined })

/** What becomes of the guard. An event that is not allowed now changes nothing. */
export function guardAfter(guard: Guard, event: GuardEvent, now: number): Guard {
  switch (event.type) {
    case 'changed':
      return { ...guard, inertUntil: now + INERT_MS, armedUntil: 0 }
    case 'arm':
      return mayDecide(guard, now) ? { ...guard, armedUntil: now + ARMED_MS } : guard
    case 'drop':
      return { ...guard, armedUntil: 0 }
    case 'send':
      return mayDecide(guard, now) ? { ...guard, armedUntil: 0, sending: event.decision } : guard
    case 'answered':
      return { ...guard, armedUntil: 0, sending: undefined, inertUntil: now + INERT_MS }
  }
}

/** A click is taken now. */
export const mayDecide = (guard: Guard, now: number) => now >= guard.inertUntil && guard.sending === undefined

/** Enter approves now. */
export const isArmed = (guard: Guard, now: number) => mayDecide(guard, now) && now < guard.armedUntil
