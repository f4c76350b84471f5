/** Clocks of provider and host may differ by this much. */
const SKEW_MS = 30_000

/** Until when a sign-in is fresh enough to decide, in ms since the epoch; undefined when the provider never said when it was, or says the future. */
export function decideUntil(authTime: number | undefined, recentSignInMs: number, now: number): number | undefined {
  if (authTime === undefined || authTime > now + SKEW_MS) return undefined
  return authTime + recentSignInMs
}

/** Whether a decision may be made on this sign-in (`auth_time`, ms). */
export function recentSignIn(authTime: number | undefined, recentSignInMs: number, now: number): boolean {
  const until = decideUntil(authTime, recentSignInMs, now)
  return until !== undefined && now < until
}
