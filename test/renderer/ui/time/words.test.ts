import { describe, expect, it } from 'vitest'
import { agoWords, clockWords, durationWords, exactWords } from '../../../../renderer/ui/time/words.ts'

const at = (text: string) => new Date(text).getTime()
const now = at('2026-11-24T14:10:05')

describe('time in words', () => {
  it.each([
    [now + 5000, 'just now'],
    [now - 9000, 'just now'],
    [now - 32_400, '32 s ago'],
    [now - 14 * 60_000, '14 min ago'],
    [now - 5 * 3_600_000 - 120_000, '5 h ago'],
    [at('2026-11-23T09:00:00'), 'Yesterday, 09:00'],
    [at('2026-11-20T11:25:00'), 'Fri, 11:25'],
    [at('2026-11-12T11:25:00'), '12 Nov'],
    [at('2025-11-12T11:25:00'), '12 Nov 2025'],
  ])('%i is %s', (moment, words) => {
    expect(agoWords(moment, now)).toBe(words)
  })

  it('gives the exact time with its day', () => {
    expect(exactWords(now)).toBe('Tue 24 Nov 2026, 14:10:05')
  })

  it('reads 0:00 only when the time is over', () => {
    expect(clockWords(521_000)).toBe('8:41')
    expect(clockWords(1)).toBe('0:01')
    expect(clockWords(0)).toBe('0:00')
    expect(clockWords(-5)).toBe('0:00')
    expect(clockWords(3_850_000)).toBe('1:04:10')
  })

  it.each([
    [0.04, '0 ms'],
    [0.44, '0.4 ms'],
    [612, '612 ms'],
    [1449, '1.4 s'],
    [32_000, '32 s'],
    [34 * 60_000, '34 min'],
    [72 * 60_000, '1 h 12 min'],
    [26 * 3_600_000, '1 d 2 h'],
  ])('%f ms lasts %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words)
  })
})
