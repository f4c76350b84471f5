const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many cells of a terminal a text takes: Chinese, Japanese and Korean signs take two. */
export function cells(text: string): number {
  let sum = 0
  for (const { segment } of segments.segment(text)) sum += WIDE.test(segment) ? 2 : 1
  return sum
}

/** On one line. Control characters and direction marks of others' text never reach the terminal. */
export function flatten(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/** On one line, and no longer than so many cells. */
export function clip(text: string, width: number): string {
  const flat = flatten(text)
  if (cells(flat) <= width) return flat
  let kept = ''
  let used = 0
  for (const { segment } of segments.segment(flat)) {
    used += cells(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let at = ''
  for (const word of text.split(' ')) {
    if (at !== '' && cells(at) + 1 + cells(word) > width) {
      lines.push(at)
      at = word
    } else at = at === '' ? word : `${at} ${word}`
  }
  return [...lines, at]
}
