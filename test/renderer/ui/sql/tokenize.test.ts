import { describe, expect, it } from 'vitest'
import { tokenize } from '../../../../renderer/ui/sql/tokenize.ts'

const kinds = (sql: string) =>
  tokenize(sql)
    .map((token) => `${token.kind}:${sql.slice(token.start, token.end)}`)
    .filter((token) => !/^other:\s*$/.test(token))

describe('the highlighter', () => {
  it('tells keywords, names, literals and parameters', () => {
    expect(kinds("SELECT id FROM t WHERE a = 'x' AND b = $12 LIMIT 1e3")).toEqual(
      [
        'keyword:SELECT',
        'name:id',
        'keyword:FROM',
        'name:t',
        'keyword:WHERE',
        'name:a',
        'other: = ',
        "literal:'x'",
        'keyword:AND',
        'name:b',
        'other: = ',
        'parameter:$12',
        'keyword:LIMIT',
        'literal:1e3',
      ].map((token) => token),
    )
  })

  it('ends a string at its quote and not at a doubled one', () => {
    expect(kinds("'it''s' x")).toEqual(["literal:'it''s'", 'name:x'])
  })

  it('follows backslashes only in E strings', () => {
    expect(kinds(String.raw`E'a\'b' c`)).toEqual([String.raw`literal:E'a\'b'`, 'name:c'])
    expect(kinds(String.raw`'a\' c`)).toEqual([String.raw`literal:'a\'`, 'name:c'])
  })

  it('nests comments, as the server does', () => {
    expect(kinds('/* a /* b */ c */ DROP')).toEqual(['comment:/* a /* b */ c */', 'keyword:DROP'])
  })

  it('ends a line comment at the line', () => {
    expect(kinds('-- DROP\nSELECT')).toEqual(['comment:-- DROP', 'keyword:SELECT'])
  })

  it('matches a dollar quote with its own tag only', () => {
    expect(kinds('$a$ $b$ x $b$ $a$ y')).toEqual(['literal:$a$ $b$ x $b$ $a$', 'name:y'])
  })

  it('does not take a quoted name for a keyword', () => {
    expect(kinds('"select" U&"d\\0061t"')).toEqual(['name:"select"', 'name:U&"d\\0061t"'])
  })

  it.each(["'never ends", '/* never ends', '"never ends', '$$ never ends', "E'\\", '$', 'é𝒳 \u{1F600}', '', '1.2.3..4', '\ud800'])(
    'covers the text without gaps, also a broken one: %j',
    (sql) => {
      let at = 0
      for (const token of tokenize(sql)) {
        expect(token.start).toBe(at)
        expect(token.end).toBeGreaterThan(token.start)
        at = token.end
      }
      expect(at).toBe(sql.length)
    },
  )
})
