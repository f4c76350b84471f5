import type { Verdict } from '../../proxy/verdict/decide.ts'
import type { Mark } from '../contract/verdicts.ts'
import type { RecordedFacts } from '../recordings/describe-facts.ts'
import { utf16Offsets } from './utf16-offsets.ts'

/** Which columns carry which label: `schema.table.column` → label. */
export type LabelOf = (column: string) => string | undefined

/** Marks for the page: what met the rule, and where labelled columns stand. A span is at least the word that it begins with. */
export function markText(sql: string, facts: readonly RecordedFacts[], because: Verdict['because'], labelOf: LabelOf): Mark[] {
  const place = utf16Offsets(sql)
  const marks: Mark[] = []
  const add = (kind: Mark['kind'], offset: number, length: number, text: string): void => {
    const start = place(offset)
    // The parser tells the length of one part of a qualified name; the whole of it is meant.
    const end = Math.max(place(offset + length), wordEnd(sql, start))
    if (end <= start || marks.some((mark) => mark.kind === kind && mark.start === start && mark.end === end && mark.text === text)) return
    marks.push({ start, end, kind, text })
  }
  for (const reason of because) add('rule', reason.offset, reason.length, reason.what)
  for (const one of facts) {
    for (const column of one.columns) {
      const label = labelOf(column.name)
      if (label !== undefined) add('label', column.at[0], column.at[1], label)
    }
  }
  return marks.sort((a, b) => a.start - b.start || a.end - b.end)
}

function wordEnd(sql: string, start: number): number {
  const word = /[\p{L}\p{N}_$."]+|./uy
  word.lastIndex = start
  const match = word.exec(sql)
  return match ? start + match[0].length : start
}
