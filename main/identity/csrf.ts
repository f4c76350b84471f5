import { createHash, timingSafeEqual } from 'node:crypto'

/** Only scripts of our own pages can set it: another origin's would need a preflight, which is never granted. */
export const CSRF_HEADER = 'x-sallyport-csrf'

/** The value that a page sends with each write. It is derived from the session's cookie, which scripts cannot read, so it need not be stored. */
export function csrfToken(cookieValue: string): string {
  return createHash('sha256').update(`sallyport csrf ${cookieValue}`).digest('base64url')
}

function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  return timingSafeEqual(left, createHash('sha256').update(b).digest())
}

/**
 * Checks a write that was authenticated by the session's cookie. Undefined when it is our own page's; otherwise what was wrong, in words.
 * Calls with a bearer token need no check: a browser does not send one by itself.
 */
export function csrfProblem(headers: Headers, origin: string, cookieValue: string): string | undefined {
  const sent = headers.get('origin')
  if (sent === null) return 'the header Origin is missing'
  if (sent !== origin) return 'the header Origin is not this host’s'
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return 'the request came from another site'
  const token = headers.get(CSRF_HEADER)
  if (token === null) return `the header ${CSRF_HEADER} is missing; GET /api/me gives its value`
  return sameText(token, csrfToken(cookieValue)) ? undefined : `the header ${CSRF_HEADER} has a wrong value`
}
