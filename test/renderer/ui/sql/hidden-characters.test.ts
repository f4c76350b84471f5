import { describe, expect, it } from 'vitest'
import { findHidden } from '../../../../renderer/ui/sql/hidden-characters.ts'

const codes = (text: string) => findHidden(text).map((character) => character.code)

describe('characters that a person would not see', () => {
  it.each([
    ['\u202e', 'U+202E'],
    ['\u2066', 'U+2066'],
    ['\u200b', 'U+200B'],
    ['\ufeff', 'U+FEFF'],
    ['\u00a0', 'U+00A0'],
    ['\u00ad', 'U+00AD'],
    ['\u3164', 'U+3164'],
    ['\u2028', 'U+2028'],
    ['\u0007', 'U+0007'],
    ['\u{e0041}', 'U+E0041'],
    ['\ufe0f', 'U+FE0F'],
    ['\ud800', 'U+D800'],
  ])('%j is drawn as %s', (character, code) => {
    expect(codes(`SELECT ${character}1`)).toEqual([code])
  })

  it('are not tab, line feed, space, accents, or other scripts', () => {
    expect(codes("SELECT\t'Sýkorová',\r\n 'Привет', '東京', '😀'")).toEqual([])
  })

  it('include a carriage return that ends no line', () => {
    expect(codes('a\rb')).toEqual(['U+000D'])
  })

  it('include a letter of another script inside a Latin word', () => {
    expect(codes('SELECT pаssword')).toEqual(['U+0430'])
    expect(findHidden('pаss')[0]?.why).toBe('look-alike')
  })

  it('include full-width letters, which pass for plain ones', () => {
    expect(codes('ＯＲ true')).toEqual(['U+FF2F', 'U+FF32'])
  })
})
