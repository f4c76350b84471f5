import type { Mark } from '../../../main/contract/index.ts'
import { findHidden } from './hidden-characters.ts'
import { type TokenKind, tokenize } from './tokenize.ts'

/** A stretch of one line that is drawn alike. */
export interface Segment {
  /** Where it starts in the text, UTF-16 units. */
  readonly start: number
  readonly text: string
  readonly kind: TokenKind
  /** Why this clause met the rule. */
  readonly rule: string | undefined
  /** The label of the column that stands here. */
  readonly label: string | undefined
  /** Drawn as this chip instead of `text`. */
  readonly chip: string | undefined
  /** A value stood here that is not shown. */
  readonly masked: boolean
}

export interface Line {
  /** From 1. */
  readonly number: number
  readonly segments: readonly Segment[]
  /** A clause that met the rule stands in it. */
  readonly hit: boolean
  /** Something in it cannot be seen as it is. */
  readonly hidden: boolean
}

/**
 * Lines of segments: each character of `sql` is in exactly one, in order. Marks beyond the text are cut to it. `masked`: stretches where the
 * host put dots for a value.
 */
export function splitLines(sql: string, marks: readonly Mark[], masked: readonly Stretch[] = []): Line[] {
  const tokens = tokenize(sql)
  const hidden = findHidden(sql)
  const wholes = marks
    .map((mark) => ({ ...mark, start: Math.min(mark.start, sql.length), end: Math.min(mark.end, sql.length) }))
    .filter((mark) => mark.end > mark.start)
  const cuts = new Set<number>([0, sql.length])
  for (const part of [...tokens, ...wholes, ...hidden, ...masked]) cuts.add(part.start).add(part.end)
  for (let at = sql.indexOf('\n'); at >= 0; at = sql.indexOf('\n', at + 1)) cuts.add(at).add(at + 1)
  const places = [...cuts].filter((at) => at <= sql.length).sort((a, b) => a - b)

  const lines: Line[] = []
  let segments: Segment[] = []
  const closeLine = () => {
    lines.push({
      number: lines.length + 1,
      segments,
      hit: segments.some((segment) => segment.rule !== undefined),
      hidden: segments.some((segment) => segment.chip !== undefined),
    })
    segments = []
  }
  const tokenAt = walk(tokens)
  const chipAt = walk(hidden)
  for (let index = 0; index + 1 < places.length; index++) {
    const start = places[index] ?? 0
    const text = sql.slice(start, places[index + 1])
    if (text === '\n') {
      closeLine()
      continue
    }
    const over = wholes.filter((mark) => mark.start <= start && start < mark.end)
    segments.push({
      start,
      text,
      kind: tokenAt(start)?.kind ?? 'other',
      rule: over.find((mark) => mark.kind === 'rule')?.text,
      label: over.find((mark) => mark.kind === 'label')?.text,
      chip: chipAt(start)?.code,
      masked: masked.some((one) => one.start <= start && start < one.end),
    })
  }
  closeLine()
  return lines
}

export interface Stretch {
  readonly start: number
  readonly end: number
}

/** Looks up the part at a place, for places that only go up. */
function walk<Part extends { readonly start: number; readonly end: number }>(parts: readonly Part[]): (at: number) => Part | undefined {
  let index = 0
  return (at) => {
    while (index < parts.length && (parts[index]?.end ?? 0) <= at) index++
    const part = parts[index]
    return part !== undefined && part.start <= at ? part : undefined
  }
}
