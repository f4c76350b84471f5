/**
 * What a person typed as an FTS5 query over statements and the names of what they touch: every word must occur, the last one may be unfinished.
 * Quoted throughout, so that nothing typed is an operator. Undefined when there is no word in it.
 */
export function toMatchQuery(typed: string): string | undefined {
  const words = typed.match(/[\p{L}\p{N}_]+/gu) ?? []
  if (words.length === 0) return undefined
  const all = words.map((word, i) => (i === words.length - 1 ? `"${word}"*` : `"${word}"`)).join(' ')
  return `{sql names} : (${all})`
}

/** The words themselves, in small letters, for showing where they stand. */
export function searchedWords(typed: string): string[] {
  return (typed.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word !== '')
}
