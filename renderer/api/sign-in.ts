import { changeHeaders } from './call.ts'

/** Where a provider's button leads. `back`: the page to come back to. `fresh`: the provider asks for the password again, as a decision needs. */
export function signInUrl(providerUrl: string, back: string, fresh = false): string {
  const url = new URL(providerUrl, location.origin)
  url.searchParams.set('return', back)
  if (fresh) url.searchParams.set('fresh', '1')
  return url.origin === location.origin ? `${url.pathname}${url.search}` : url.href
}

/** Ends this browser's session with the host. Resolves to false when the host did not take it, so that nobody walks away signed in. */
export async function signOut(): Promise<boolean> {
  const reply = await fetch('/auth/sign-out', { method: 'POST', credentials: 'same-origin', headers: changeHeaders() }).catch(
    () => undefined,
  )
  if (!reply?.ok && reply?.status !== 401) return false
  location.assign('/sign-in?signed-out=1')
  return true
}
