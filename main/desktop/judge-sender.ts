import type { Sender } from './answer-pages.ts'

export const OWN_ORIGIN = 'sallyport-app://desktop'

/**
 * Whose message it is. Only the top frame of a page counts, by the address that the frame has at this moment, never by what the message says.
 * `URL.origin` is "null" for schemes of one's own, so those are compared by scheme and host.
 */
export function judgeSender(frameUrl: string, isTopFrame: boolean, hostOrigin: string | undefined): Sender {
  if (!isTopFrame || !URL.canParse(frameUrl)) return undefined
  const url = new URL(frameUrl)
  if (`${url.protocol}//${url.host}` === OWN_ORIGIN) return 'own'
  return hostOrigin !== undefined && url.origin === hostOrigin ? 'host' : undefined
}
