import type { Mark } from '../contract/verdicts.ts'
import type { RecordedFacts } from '../recordings/describe-facts.ts'
import { literalsBeside } from './literals-beside.ts'
import type { LabelOf } from './mark-text.ts'
import { cutWords, type SqlWord } from './sql-words.ts'
import { utf16Offsets } from './utf16-offsets.ts'

const DOTS = '•••'

interface Stretch {
  readonly start: number
  readonly end: number
}

/** A text in which some literals are not shown. */
export interface HiddenText {
  readonly sql: string
  /** Where dots stand in place of a literal, in `sql`. */
  readonly hidden: readonly Stretch[]
  /** A place of the text as it came, in `sql`. */
  readonly move: (place: number) => number
}

/**
 * The text without the literals that are compared with, computed with or put into a labelled column: like parameters there, they are nobody's business
 * but the agent's. Where the text cannot be read for that, none of its literals is shown.
 */
export function hideLiterals(sql: string, facts: readonly RecordedFacts[], labelOf: LabelOf): HiddenText {
  const labelled = facts.flatMap((one) => one.columns.filter((column) => labelOf(column.name) !== undefined))
  const written = facts.flatMap((one) => one.relations.filter((relation) => relation.access === 'write').map((relation) => relation.name))
  const puts = (column: string): boolean => written.some((relation) => labelOf(`${relation}.${column}`) !== undefined)
  if (labelled.length === 0 && written.every((relation) => labelOf(`${relation}.*`) === undefined)) return unchanged(sql)
  const uses = new Set(labelled.filter((column) => column.how === 'uses').map((column) => column.at[0]))
  const places = literalsBeside(sql, uses, puts)
  if (places === undefined) return uses.size === 0 ? unchanged(sql) : hideAllLiterals(sql)
  if (places.size === 0) return unchanged(sql)
  const at = utf16Offsets(sql)
  const starts = new Set([...places].map(at))
  return replace(sql, literalsAt(cutWords(sql), starts))
}

/** None of its strings and numbers. */
export function hideAllLiterals(sql: string): HiddenText {
  const words = cutWords(sql)
  return replace(
    sql,
    words.filter((word) => word.kind === 'other' && !/^\$\d/.test(sql.slice(word.start, word.end))),
  )
}

function literalsAt(words: readonly SqlWord[], starts: ReadonlySet<number>): Stretch[] {
  const found: Stretch[] = []
  for (const [i, word] of words.entries()) {
    if (!starts.has(word.start)) continue
    // The sign of a number, and strings that go on in the next line, are words of their own.
    let last = i
    if (word.kind === 'sign') last += 1
    while (words[last + 1]?.kind === 'other' && words[last + 1]?.text === '' && words[last]?.kind === 'other') last += 1
    found.push({ start: word.start, end: words[last]?.end ?? word.end })
  }
  return found
}

function replace(sql: string, stretches: readonly Stretch[]): HiddenText {
  let made = ''
  let from = 0
  const hidden: Stretch[] = []
  for (const { start, end } of stretches) {
    if (start < from) continue
    made += sql.slice(from, start)
    hidden.push({ start: made.length, end: made.length + DOTS.length })
    made += DOTS
    from = end
  }
  const move = (place: number): number => {
    let moved = place
    for (const { start, end } of stretches) {
      if (place >= end) moved += DOTS.length - (end - start)
      else if (place > start) moved -= place - start
    }
    return Math.max(0, moved)
  }
  return { sql: made + sql.slice(from), hidden, move }
}

function unchanged(sql: string): HiddenText {
  return { sql, hidden: [], move: (place) => place }
}

/** Marks of the text as it came, in the text that is shown. One that covers only what is hidden covers the dots. */
export function moveMarks(marks: readonly Mark[], { hidden, move }: HiddenText): Mark[] {
  if (hidden.length === 0) return [...marks]
  return marks.map((mark) => {
    const start = move(mark.start)
    return { ...mark, start, end: Math.max(start + 1, move(mark.end)) }
  })
}
