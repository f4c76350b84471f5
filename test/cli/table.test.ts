import { describe, expect, it } from 'vitest'
import { printable, Table } from '../../main/cli/table.ts'

function printed(columns: [name: string, right: boolean][], rows: (string | null)[][]): string {
  let text = ''
  const table = new Table(
    columns.map(([name, right]) => ({ name, right })),
    (part) => {
      text += part
    },
  )
  for (const row of rows) table.row(row)
  table.end()
  return text
}

describe('a result as a table', () => {
  it('is aligned, numbers to the right, NULL told apart from nothing', () => {
    const text = printed(
      [
        ['id', true],
        ['name', false],
      ],
      [
        ['1', 'Ada'],
        ['100', null],
        ['20', ''],
      ],
    )
    expect(text).toBe(' id  | name\n-----+------\n   1 | Ada\n 100 | NULL\n  20 |\n(3 rows)\n')
  })

  it('with no rows still shows its columns', () => {
    expect(printed([['n', false]], [])).toBe(' n\n---\n(0 rows)\n')
  })

  it('cannot steer the terminal', () => {
    expect(printable('a\u001b[31mred\nb\u202etxt\u0000')).toBe('a\\x1b[31mred\\nb\\u202etxt\\x00')
    expect(printable('naïve 日本')).toBe('naïve 日本')
  })

  it('prints long results as they come', () => {
    let lines = 0
    const table = new Table([{ name: 'n', right: true }], () => lines++)
    for (let i = 0; i < 999; i++) table.row(['1'])
    expect(lines).toBe(0)
    table.row(['1'])
    table.row(['1'])
    expect(lines).toBe(2 + 1001)
  })
})
