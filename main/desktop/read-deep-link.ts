import { DEEP_LINK_SCHEME } from '../contract/desktop-channels.ts'

/**
 * The request that `sallyport://approvals/42` names. Undefined for anything else: a link can open a card, and do nothing more. Links come from any page or
 * mail, so nothing else of them is read.
 */
export function readDeepLink(link: string): number | undefined {
  const found = new RegExp(`^${DEEP_LINK_SCHEME}://approvals/([1-9][0-9]{0,14})/?$`).exec(link)
  return found?.[1] === undefined ? undefined : Number(found[1])
}

/** The link among a program's arguments, as Linux and Windows hand it over. */
export function findDeepLink(args: readonly string[]): number | undefined {
  for (const arg of args) {
    const id = readDeepLink(arg)
    if (id !== undefined) return id
  }
  return undefined
}
