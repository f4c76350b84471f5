import { expect, it } from 'vitest'
import { byteWords, initials, nounWords, orWords } from '../../../renderer/ui/words.ts'

it('counts with separators and the right noun', () => {
  expect(nounWords(1, 'row')).toBe('1 row')
  expect(nounWords(48_212, 'row')).toBe('48,212 rows')
})

it('lists words', () => {
  expect([orWords([]), orWords(['a']), orWords(['a', 'b']), orWords(['a', 'b', 'c'], 'and')]).toEqual(['', 'a', 'a or b', 'a, b and c'])
})

it('says sizes in binary units', () => {
  expect([byteWords(612), byteWords(1536), byteWords(64 * 1024 * 1024), byteWords(1024 ** 4 * 3)]).toEqual([
    '612 B',
    '1.5 KiB',
    '64 MiB',
    '3 TiB',
  ])
})

it.each([
  ['Maya Lindqvist', 'ML'],
  ['priya.nair@corp.example', 'PN'],
  ['nightly-report', 'NR'],
  ['Cher', 'C'],
  ['', '?'],
])('abbreviates %j to %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
