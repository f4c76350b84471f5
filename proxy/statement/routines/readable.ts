import { scanSync } from 'libpg-query'
import { IN_PLACE_BYTES } from '../parse.ts'

/** Longest text inside a body that is parsed at all, in bytes. */
const MAX_BYTES = 65_536
/** As many levels as the deepest text of `IN_PLACE_BYTES` can have. */
const MAX_LEVELS = 1300
const MAX_COMMENTS = 64

const FLAT_TOKENS = new Set(['IDENT', 'ICONST', 'FCONST', 'SCONST', 'SQL_COMMENT'])
const FLAT = new Set([',', '.', ';', ')', ']'])

/** Can this text be parsed on this thread? Every level of nesting takes a token that is neither a name, a constant nor one that only separates or closes. */
export function isReadable(text: string): boolean {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_BYTES || text.includes('\0') || nestsComments(text)) return false
  if (bytes <= IN_PLACE_BYTES) return true
  let levels = 0
  for (const token of scanSync(text).tokens) if (!FLAT_TOKENS.has(token.tokenName) && !FLAT.has(token.text)) levels += 1
  return levels <= MAX_LEVELS
}

/** Comments inside comments cost the scanner time by their square. */
export function nestsComments(text: string): boolean {
  let opened = 0
  for (let at = text.indexOf('/*'); at !== -1; at = text.indexOf('/*', at + 2)) {
    opened += 1
    if (opened > MAX_COMMENTS) return true
  }
  return false
}
