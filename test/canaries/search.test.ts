import { describe, expect, it } from 'vitest'
import { CANARIES, type Canary } from './canaries.ts'
import { CanarySearch, joinings } from './search.ts'

const text: Canary = { at: 'text', kind: 'text', value: 'taKq7WzR4mTxV' }
const date: Canary = { at: 'date', kind: 'date', value: '1987-03-19' }
const integer: Canary = { at: 'integer', kind: 'integer', value: '1836275491' }
const search = new CanarySearch([text, date, integer])

describe('a search for canaries', () => {
  const { value } = text
  it.each([
    ['plain', `x${value}y`],
    ['lower', value.toLowerCase()],
    ['upper', value.toUpperCase()],
    ['reversed', [...value].reverse().join('')],
    ['hex', Buffer.from(`ab${value}`).toString('hex')],
    ['base64', Buffer.from(value).toString('base64')],
    ['base64, shifted by one', Buffer.from(`a${value}b`).toString('base64')],
    ['base64, shifted by two', Buffer.from(`ab${value}c`).toString('base64')],
    ['with separators', [...value].join(' - ')],
    ['url-encoded', [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['character codes', [...Buffer.from(value)].join(', ')],
    ['JSON escapes', [...value].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('')],
  ])('finds text: %s', (_, bytes) => {
    expect(search.findDecoded(`before ${bytes} after`).map(({ at }) => at)).toContain('text')
  })

  it.each([
    ['1,836,275,491', 'integer'],
    [Buffer.from('6d735723', 'hex').toString('latin1'), 'integer'],
    ['19 March 1987', 'date'],
    [Buffer.from('ffffedc1', 'hex').toString('latin1'), 'date'],
  ])('finds a number or a date: %j', (bytes, at) => {
    expect(search.find(bytes).map((hit) => hit.at)).toContain(at)
  })

  it('finds a value that was cut over rows, over columns, or into character codes', () => {
    const cells = [...value].map((char) => [char, String(char.charCodeAt(0))])
    for (const rows of [cells, cells.map((row) => [row[1] ?? null]), [cells.map((row) => row[0] ?? null)]])
      expect(
        joinings(rows)
          .flatMap((joined) => search.find(joined))
          .map(({ at }) => at),
      ).toContain('text')
  })

  it('finds nothing in what is no canary', () => {
    expect(
      new CanarySearch(CANARIES).findDecoded(
        '*redacted* tok_0123456789 Person 1 ****TxVa 1970-01-01 \\x 00000000-0000-0000-0000-000000000000',
      ),
    ).toEqual([])
  })
})
