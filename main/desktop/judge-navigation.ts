/** Where a window's contents want to go. `sign-in` leaves for the system's browser, and comes back by itself. */
export type Destination =
  | { readonly go: 'here' }
  | { readonly go: 'sign-in'; readonly provider: string | undefined; readonly back: string; readonly fresh: boolean }
  | { readonly go: 'nowhere' }

const SIGN_IN = '/auth/sign-in'

/**
 * Windows show the host's pages and nothing else: the same origin stays, its sign-in goes to the browser (the provider's pages are remote content),
 * everything else goes nowhere.
 */
export function judgeNavigation(target: string, origin: string | undefined): Destination {
  if (origin === undefined || !URL.canParse(target)) return { go: 'nowhere' }
  const url = new URL(target)
  if (url.origin !== origin || url.username !== '' || url.password !== '') return { go: 'nowhere' }
  if (url.pathname === SIGN_IN) {
    const { searchParams } = url
    return {
      go: 'sign-in',
      provider: searchParams.get('provider') ?? undefined,
      back: searchParams.get('return') ?? '/',
      fresh: searchParams.get('fresh') === '1',
    }
  }
  // Other ways to sign in (SAML and what may come) begin under the same path.
  if (url.pathname.startsWith('/auth/')) return { go: 'nowhere' }
  return { go: 'here' }
}

/** The path of a page of ours to come back to; `/` for anything else. */
export function safeBack(path: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/'
}
