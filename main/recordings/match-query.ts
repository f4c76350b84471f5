/**
 * What a person typed as an FTS5 query over statements and the names of what they touch: every word must occur. The last one may be unfinished where it
 * is no word of the record by itself (`occurs`), or where a `*` says so: the beginning of a common word costs a walk over all that begin with it.
 * Quoted throughout, so that nothing typed is an operator. Undefined when there is no word in it.
 */
export function toMatchQuery(typed: string, occurs: (match: string) => boolean): string | undefined {
  const words = typed.match(/[\p{L}\p{N}_]+/gu) ?? []
  if (words.length === 0) return undefined
  const last = words.at(-1) ?? ''
  const whole = !typed.trimEnd().endsWith('*') && occurs(`{sql names} : "${last}"`)
  const all = [...words.slice(0, -1).map((word) => `"${word}"`), `"${last}"${whole ? '' : '*'}`].join(' ')
  return `{sql names} : (${all})`
}

/** The words themselves, in small letters, for showing where they stand. */
export function searchedWords(typed: string): string[] {
  return (typed.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word !== '')
}
