import { describe, expect, it } from 'vitest'
import { compilePattern, splitName } from '../../proxy/verdict/patterns.ts'

const matches = (pattern: string, name: string) => compilePattern(pattern)(splitName(name))

describe('a pattern of names', () => {
  it('matches part by part', () => {
    expect(matches('public.*', 'public.orders')).toBe(true)
    expect(matches('public.*', 'billing.orders')).toBe(false)
    expect(matches('*.*', 'billing.orders')).toBe(true)
    expect(matches('public.order*', 'public.orders_2024')).toBe(true)
    expect(matches('public.*_2024', 'public.orders_2024')).toBe(true)
    expect(matches('public.o*r*s', 'public.orders')).toBe(true)
    expect(matches('public.aa*aa', 'public.aaa')).toBe(false)
  })

  it('does not let a star run over a dot', () => {
    expect(matches('pub*', 'public.orders')).toBe(false)
    expect(matches('public.*', '"public.x".orders')).toBe(false)
  })

  it('reads quoted parts as one', () => {
    expect(splitName('"odd.name"."a""b"')).toEqual(['odd.name', 'a"b'])
  })
})
