import { changeHeaders } from './call.ts'

/** Where a provider's button leads: it brings the person back to the page they were on. */
export function signInUrl(providerUrl: string, back: string): string {
  const url = new URL(providerUrl, location.origin)
  url.searchParams.set('return', back)
  return url.origin === location.origin ? `${url.pathname}${url.search}` : url.href
}

/** Ends this browser's session with the host, and shows the sign-in page. */
export async function signOut(): Promise<void> {
  await fetch('/api/sign-out', { method: 'POST', credentials: 'same-origin', headers: changeHeaders() }).catch(() => undefined)
  location.assign('/sign-in?signed-out')
}
