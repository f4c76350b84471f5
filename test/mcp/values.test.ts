import { describe, expect, it } from 'vitest'
import { Rate } from '../../main/mcp/rate.ts'
import { challenge, resourceMetadata } from '../../main/mcp/resource-metadata.ts'
import { parameterText, typedValue } from '../../main/mcp/typed-value.ts'

describe('values', () => {
  it('come out as JSON of the same meaning, or as their text', () => {
    expect(typedValue('7', 23)).toBe(7)
    expect(typedValue('9007199254740993', 20)).toBe('9007199254740993')
    expect(typedValue('NaN', 701)).toBe('NaN')
    expect(typedValue('1.10', 1700)).toBe('1.10')
    expect(typedValue('t', 16)).toBe(true)
    expect(typedValue('{"a": 1}', 3802)).toEqual({ a: 1 })
    expect(typedValue('[masked', 3802)).toBe('[masked')
    expect(typedValue(null, 23)).toBeNull()
  })

  it('go in as PostgreSQL reads them', () => {
    expect(parameterText([1, null, 'a"\\b', [true]])).toBe('{"1",NULL,"a\\"\\\\b",{"true"}}')
    expect(parameterText({ a: [1] })).toBe('{"a":[1]}')
    expect(parameterText(null)).toBeNull()
    expect(parameterText(1.5)).toBe('1.5')
  })
})

describe('a rate', () => {
  it('lets a burst through, then so many a minute', () => {
    const rate = new Rate(() => 60)
    const taken = Array.from({ length: 16 }, () => rate.take('a', 1000))
    expect(taken.filter((wait) => wait === undefined)).toHaveLength(15)
    expect(taken.at(-1)).toBe(1)
    expect(rate.take('b', 1000)).toBeUndefined()
    expect(rate.isSpent('a', 1000)).toBe(true)
    expect(rate.take('a', 2000)).toBeUndefined()
  })
})

describe('the metadata of the resource', () => {
  it('names the address that it was made from (RFC 9728, section 3.3)', () => {
    expect(resourceMetadata('https://x', '/.well-known/oauth-protected-resource', [])['resource']).toBe('https://x')
    expect(resourceMetadata('https://x', '/.well-known/oauth-protected-resource/mcp', [])['resource']).toBe('https://x/mcp')
  })

  it('is told in a header that nothing in an error can break out of', () => {
    const header = challenge('https://x', 'the token’s "type" \\ is\r\nwrong')
    expect(header).not.toMatch(/[\r\n\\]/)
    expect(header.match(/"/g)).toHaveLength(8)
  })
})
