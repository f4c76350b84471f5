import { cells, clip, flatten, wrap } from './text-cells.ts'

export type Row = readonly (string | null)[]

export interface Paints {
  dim(text: string): string
  /** What the gateway has hidden. */
  plum(text: string): string
}

const MAX_CELL = 34
const MAX_LINES = 14

/** Aligned columns, numbers to the right, each cell clipped. The first line is the head. */
export function drawGrid(columns: readonly string[], rows: readonly Row[], _width: number, { dim, plum }: Paints): string[] {
  const shown = rows.map((row) => row.map((cell) => clip(cell ?? '', MAX_CELL)))
  const heads = columns.map((name) => clip(name, MAX_CELL))
  const widths = heads.map((name, at) => Math.max(cells(name), ...shown.map((row) => cells(row[at] ?? ''))))
  const right = heads.map(
    (_, at) => shown.length > 0 && shown.every((row) => /^(-?\d+(\.\d+)?)?$/.test(row[at] ?? '')) && shown.some((row) => row[at] !== ''),
  )
  const place = (text: string, at: number) => {
    const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - cells(text)))
    return right[at] === true ? gap + text : text + gap
  }
  const join = (row: readonly string[], style: (text: string) => string) =>
    row
      .map((cell, at) => (isMasked(cell) ? plum : style)(place(cell, at)))
      .join(dim(' │ '))
      .trimEnd()
  return [join(heads, dim), ...shown.map((row) => join(row, (text) => text))]
}

/** Rows with long texts: one under the other, the texts with their lines. */
export function drawLetters(columns: readonly string[], rows: readonly Row[], width: number, { dim, plum }: Paints): string[] {
  const longest = Math.max(...columns.map(cells))
  return rows.flatMap((row) => [
    ...row.flatMap((cell, at) => {
      const name = dim(`${(columns[at] ?? '').padStart(longest)} │ `)
      const lines = (cell ?? '')
        .split('\n')
        .flatMap((line) => wrap(flatten(line), width - longest - 3))
        .filter((line) => line !== '')
      const kept = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines
      return kept.map((line, index) => (index === 0 ? name : dim(`${' '.repeat(longest)} │ `)) + line.replace(MASKED, plum))
    }),
    dim(`${'─'.repeat(longest)}─┘`),
  ])
}

/** As the gateway writes what it has hidden; only for colour. */
const MASKED = /\*{4}\d{0,4}|\*redacted\*|\btok_[a-z0-9]+/g
const isMasked = (cell: string): boolean => new RegExp(`^(?:${MASKED.source})$`).test(cell)
