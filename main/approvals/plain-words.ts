/** `a`, `a and b`, `a, b and c`; more than five are counted. */
export function joinWords(words: readonly string[]): string {
  if (words.length > 5) return `${words.slice(0, 4).join(', ')} and ${words.length - 4} more`
  const last = words.at(-1)
  if (last === undefined) return ''
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** `public.customers` is said as `customers`; other schemas are said. */
export function shortName(relation: string): string {
  return relation.startsWith('public.') ? relation.slice('public.'.length) : relation
}

export function sayDuration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1000)} s`
}
