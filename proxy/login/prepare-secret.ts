/** Characters that SASLprep maps to nothing (RFC 3454, table B.1). */
const DROPPED = /\u034f|[\u180b-\u180d\ufe00-\ufe0f]|[\u00ad\u1806\u200b-\u200d\u2060\ufeff]/gu
/** Non-ASCII spaces (table C.1.2). */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu
/** What may not be there (tables C.2 to C.9): control and format characters, private use, unassigned, surrogates, separators, replacements. */
const PROHIBITED = /[\p{C}\p{Zl}\p{Zp}\u2ff0-\u2ffb\ufffc\ufffd]/u

/** A password as both sides must hash it (SASLprep, RFC 4013). One that the RFC does not allow is taken as it is, as PostgreSQL does. */
export function prepareSecret(password: string): string {
  const mapped = password.replace(SPACES, ' ').replace(DROPPED, '').normalize('NFKC')
  return mapped === '' || PROHIBITED.test(mapped) ? password : mapped
}
