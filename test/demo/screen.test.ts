import { describe, expect, it } from 'vitest'
import { drawGrid, drawLetters } from '../../build/demo/agent/draw-rows.ts'
import { cells, clip, wrap } from '../../build/demo/agent/text-cells.ts'

const plain = { dim: (text: string) => text, plum: (text: string) => text }

describe('what the agent’s screen shows', () => {
  it('counts wide signs as two cells and combined ones as one', () => {
    expect(cells('田中 美咲')).toBe(9)
    expect(cells('Ольга')).toBe(5)
    expect(cells('e\u0301')).toBe(1)
  })

  it('clips to the width, and keeps control characters of others’ text off the terminal', () => {
    expect(clip('abcdefgh', 5)).toBe('abcd…')
    expect(clip('a\x1b[31mb\nc', 20)).toBe('a [31mb c')
    expect(clip('a\u202eb', 20)).toBe('ab')
  })

  it('aligns columns, numbers to the right', () => {
    expect(
      drawGrid(
        ['id', 'name'],
        [
          ['7', '田中'],
          ['1234', null],
        ],
        80,
        plain,
      ),
    ).toEqual(['  id │ name', '   7 │ 田中', '1234 │'])
  })

  it('shows long texts as letters, with their own lines', () => {
    expect(drawLetters(['id', 'body'], [['1', 'Hello,\n\nplease help']], 60, plain)).toEqual([
      '  id │ 1',
      'body │ Hello,',
      '     │ please help',
      '─────┘',
    ])
  })

  it('paints masked values only', () => {
    const painted = drawGrid(['a', 'b'], [['****1234', '1234']], 80, { dim: (text) => text, plum: (text) => `<${text}>` })
    expect(painted[1]).toContain('<****1234>')
    expect(painted[1]).not.toContain('<1234')
  })

  it('wraps between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  })
})
