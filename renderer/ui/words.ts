const NUMBER = new Intl.NumberFormat('en-US')

/** `48,212`. */
export const countWords = (count: number) => NUMBER.format(count)

/** `1 row`, `840 rows`. */
export const nounWords = (count: number, one: string, many = `${one}s`) => `${countWords(count)} ${count === 1 ? one : many}`

/** `dba`, `dba or leads`, `a, b or c`. */
export function orWords(words: readonly string[], last = 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

/** `612 B`, `64 MiB`. */
export function byteWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : Math.round(size * 10) / 10} ${units[unit]}`
}

/** Up to two letters for an avatar: `ML`. */
export function initials(name: string): string {
  const words = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter(Boolean)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? '?')][0] ?? '?')
    .join('')
    .toUpperCase()
}
