import type { Line } from './segments.ts'

/** Lines to show, or a gap of so many lines between them. */
export type Shown = { readonly kind: 'line'; readonly line: Line } | { readonly kind: 'gap'; readonly from: number; readonly to: number }

/**
 * Long text folds to the lines that matter (a clause that met the rule, hidden characters) with `around` lines about each.
 * A text of at most `limit` lines is never folded, and a gap of one line is shown instead. Without marks the first lines stay.
 */
export function foldLines(lines: readonly Line[], limit = 24, around = 3): Shown[] {
  if (lines.length <= limit) return lines.map((line) => ({ kind: 'line', line }))
  const keep = new Set<number>()
  for (const line of lines) {
    if (!line.hit && !line.hidden) continue
    for (let number = line.number - around; number <= line.number + around; number++) keep.add(number)
  }
  if (keep.size === 0) for (let number = 1; number <= limit - around; number++) keep.add(number)
  const shown: Shown[] = []
  let from: number | undefined
  const closeGap = (to: number) => {
    if (from === undefined) return
    const only = lines[from - 1]
    if (from === to && only) shown.push({ kind: 'line', line: only })
    else shown.push({ kind: 'gap', from, to })
    from = undefined
  }
  for (const line of lines) {
    if (keep.has(line.number)) {
      closeGap(line.number - 1)
      shown.push({ kind: 'line', line })
    } else from ??= line.number
  }
  closeGap(lines.length)
  return shown
}
