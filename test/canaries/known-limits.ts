/** What still gives a canary away though everything is allowed, and why. Each entry has to be true: the test fails when one of them no longer leaks. */
export const KNOWN_LIMITS: readonly { readonly attempt: RegExp; readonly why: string }[] = [
  {
    attempt: /int8::money FROM tickets$/,
    why: 'patterns look for a card in text and in whole numbers: as an amount of money it is written with a thousands separator after each third digit',
  },
]
