import { searchedWords } from './match-query.ts'

/** Characters of the statement around the first hit. */
const AROUND = 120

/** The part of a statement that a search found, with `[` and `]` around the hits; its beginning when none of the words is in it. */
export function excerptOf(sql: string, q: string | undefined): string {
  const text = sql.replace(/\s+/g, ' ').trim()
  const words = q === undefined ? [] : searchedWords(q)
  const hits = words.length === 0 ? [] : [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})`, 'giu'))]
  const first = hits[0]?.index ?? 0
  const start = first <= AROUND / 2 ? 0 : first - AROUND / 4
  const end = Math.min(text.length, start + AROUND)
  let out = start > 0 ? '…' : ''
  let at = start
  for (const hit of hits) {
    const stop = hit.index + hit[0].length
    if (hit.index < at || stop > end) continue
    out += `${text.slice(at, hit.index)}[${hit[0]}]`
    at = stop
  }
  return `${out}${text.slice(at, end)}${end < text.length ? '…' : ''}`
}
