import { describe, expect, it } from 'vitest'
import { foldLines } from '../../../../renderer/ui/sql/fold-lines.ts'
import { splitLines } from '../../../../renderer/ui/sql/segments.ts'

const sql = "UPDATE customers\n   SET email = 'a'\n WHERE id = 1"
const rule = { start: 0, end: 16, kind: 'rule' as const, text: 'it is a write' }
const label = { start: 24, end: 29, kind: 'label' as const, text: 'contact' }

describe('marks become segments', () => {
  it('each character stands in exactly one segment, in order', () => {
    const lines = splitLines(sql, [rule, label])
    expect(lines.map((line) => line.segments.map((segment) => segment.text).join('')).join('\n')).toBe(sql)
  })

  it('marks the clause and the labelled column, and nothing else', () => {
    const marked = splitLines(sql, [rule, label]).flatMap((line) => line.segments)
    expect(
      marked
        .filter((segment) => segment.rule)
        .map((segment) => segment.text)
        .join(''),
    ).toBe('UPDATE customers')
    expect(marked.filter((segment) => segment.label === 'contact').map((segment) => segment.text)).toEqual(['email'])
  })

  it('says which lines were hit', () => {
    expect(splitLines(sql, [rule]).map((line) => line.hit)).toEqual([true, false, false])
  })

  it('lets marks overlap and run over lines', () => {
    const over = splitLines(sql, [{ ...rule, end: 29 }, label])
    expect(over.map((line) => line.hit)).toEqual([true, true, false])
    expect(over[1]?.segments.find((segment) => segment.label)?.rule).toBe('it is a write')
  })

  it('cuts a mark that reaches beyond the text, and drops an empty one', () => {
    const lines = splitLines('SELECT 1', [
      { ...rule, start: 7, end: 900 },
      { ...rule, start: 3, end: 3 },
    ])
    expect(lines[0]?.segments.filter((segment) => segment.rule).map((segment) => segment.text)).toEqual(['1'])
  })

  it('draws a hidden character as its code, inside a literal too', () => {
    const [line] = splitLines("SELECT 'paid\u200b'", [])
    expect(line?.hidden).toBe(true)
    expect(line?.segments.find((segment) => segment.chip)).toMatchObject({ chip: 'U+200B', kind: 'literal' })
  })

  it('numbers empty lines', () => {
    expect(splitLines('a\n\nb\n', []).map((line) => line.number)).toEqual([1, 2, 3, 4])
  })
})

describe('a long text folds', () => {
  const long = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`).join('\n')
  const start = long.indexOf('line 50')
  const mark = { ...rule, start, end: start + 4 }
  const shown = (lines: ReturnType<typeof foldLines>) =>
    lines.map((part) => (part.kind === 'line' ? part.line.number : `${part.from}-${part.to}`))

  it('to the marked clause with three lines about it', () => {
    expect(shown(foldLines(splitLines(long, [mark])))).toEqual(['1-46', 47, 48, 49, 50, 51, 52, 53, '54-100'])
  })

  it('but not a short one', () => {
    expect(foldLines(splitLines(sql, [])).every((part) => part.kind === 'line')).toBe(true)
  })

  it('to its beginning when nothing is marked', () => {
    expect(shown(foldLines(splitLines(long, []), 24)).at(-1)).toBe('22-100')
  })

  it('and shows a line rather than a gap of one', () => {
    const first = { ...rule, start: long.indexOf('line 5\n'), end: long.indexOf('line 5\n') + 4 }
    expect(shown(foldLines(splitLines(long, [first])))[0]).toBe(1)
  })

  it('never over a hidden character', () => {
    const lines = foldLines(splitLines(long.replace('line 80', 'line\u202e 80'), []))
    expect(shown(lines)).toContain(80)
  })
})
