import { describe, expect, it } from 'vitest'
import { nearest } from '../../main/config/nearest.ts'
import { isLoopback, parseDuration, parseHours, parseListen, parseSize } from '../../main/config/units.ts'

describe('units', () => {
  it.each([
    ['30s', 30_000],
    ['250ms', 250],
    ['10m', 600_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['0s', undefined],
    ['-5s', undefined],
    ['1.5h', undefined],
    ['5', undefined],
    ['5 parsecs', undefined],
    ['999999999999d', undefined],
  ])('duration %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['64MiB', 67_108_864],
    ['1kB', 1000],
    ['512B', 512],
    ['2GiB', 2_147_483_648],
    ['1Mib', undefined],
    ['toString', undefined],
    ['', undefined],
  ])('size %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each([
    ['127.0.0.1:6432', { host: '127.0.0.1', port: 6432 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['localhost:8443', { host: 'localhost', port: 8443 }],
    ['::1:80', undefined],
    [':80', undefined],
    ['a:99999', undefined],
    ['http://a:80', undefined],
  ])('listen %s', (text, address) => {
    expect(parseListen(text)).toEqual(address)
  })

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
  ])('loopback %s', (host, near) => {
    expect(isLoopback(host)).toBe(near)
  })

  it.each([
    ['09:00-17:30', { fromMinute: 540, toMinute: 1050, days: undefined }],
    ['mon-fri 00:00-24:00', { fromMinute: 0, toMinute: 1440, days: [1, 2, 3, 4, 5] }],
    ['sat,sun 10:00-11:00', { fromMinute: 600, toMinute: 660, days: [0, 6] }],
    ['fri-mon 10:00-11:00', { fromMinute: 600, toMinute: 660, days: [0, 1, 5, 6] }],
    ['22:00-06:00', undefined],
    ['09:00-24:01', undefined],
    ['funday 09:00-10:00', undefined],
    ['mon- 09:00-10:00', undefined],
  ])('hours %s', (text, hours) => {
    expect(parseHours(text)).toEqual(hours)
  })

  it('a near word is found, a far one is not', () => {
    expect(nearest('conections', ['connections', 'patterns'])).toBe('connections')
    expect(nearest('pasword', ['password', 'port'])).toBe('password')
    expect(nearest('frobnicate', ['password', 'port'])).toBeUndefined()
  })
})
