import { describe, expect, it } from 'vitest'
import { markText } from '../../main/approvals/mark-text.ts'

const reason = (offset: number, length: number) => ({ what: 'SELECT reads', offset, length })
const marked = (sql: string, offset: number, length: number) =>
  markText(sql, [], [reason(offset, length)], () => undefined).map((mark) => sql.slice(mark.start, mark.end))

describe('the part of the text that met a rule', () => {
  it('is the whole of a qualified name, though the parser tells the length of one part', () => {
    expect(marked('SELECT 1 FROM information_schema.tables t', 14, 6)).toEqual(['information_schema.tables'])
  })

  it('is at least a word, and as long as it was told otherwise', () => {
    expect(marked('DROP TABLE carts', 0, 0)).toEqual(['DROP'])
    expect(marked('DELETE FROM carts', 0, 17)).toEqual(['DELETE FROM carts'])
  })

  it('counts in UTF-16 where the text is not ASCII', () => {
    expect(marked("SELECT 'é€😀', ssn FROM c", Buffer.byteLength("SELECT 'é€😀', "), 3)).toEqual(['ssn'])
  })
})
