import { describe, expect, it } from 'vitest'
import { createTokenBooks } from '../../proxy/mask/token-book.ts'

const who = { issuer: 'https://login', subject: 'agent' }
const key = Buffer.alloc(32, 1)

describe('the book of tokens', () => {
  it('is one person’s, on one connection, for one label', () => {
    const books = createTokenBooks()
    books.of(who, 'shop', key).page('pii').learn('tok_a', 'value')
    expect(books.of(who, 'shop', key).page('pii').find('tok_a')).toBe('value')
    expect(books.of(who, 'shop', key).page('card').find('tok_a')).toBeUndefined()
    expect(books.of(who, 'crm', key).page('pii').find('tok_a')).toBeUndefined()
    expect(
      books
        .of({ ...who, subject: 'other' }, 'shop', key)
        .page('pii')
        .find('tok_a'),
    ).toBeUndefined()
    expect(
      books
        .of({ ...who, issuer: 'https://other' }, 'shop', key)
        .page('pii')
        .find('tok_a'),
    ).toBeUndefined()
  })

  it('forgets all when the key is another', () => {
    const books = createTokenBooks()
    books.of(who, 'shop', key).page('pii').learn('tok_a', 'value')
    expect(books.of(who, 'shop', Buffer.alloc(32, 2)).page('pii').find('tok_a')).toBeUndefined()
  })

  it('keeps what is used, within its bytes', () => {
    const page = createTokenBooks({ pageBytes: 20_000 }).of(who, 'shop', key).page('pii')
    page.learn('tok_used', 'value')
    for (let i = 0; i < 1000; i++) {
      page.learn(`tok_${i}`, `value ${i}`)
      expect(page.find('tok_used')).toBe('value')
    }
    expect(page.find('tok_999')).toBe('value 999')
    expect(page.find('tok_1')).toBeUndefined()
    const kept = Array.from({ length: 1000 }, (_, i) => page.find(`tok_${i}`)).filter((value) => value !== undefined)
    expect(kept.length).toBeGreaterThan(20)
    expect(kept.length).toBeLessThan(130)
    page.learn('tok_huge', 'x'.repeat(20_000))
    expect(page.find('tok_huge')).toBeUndefined()
  })

  it('has room for so many people, and lets go of whoever came longest ago', () => {
    const books = createTokenBooks({ books: 2 })
    for (const subject of ['a', 'b', 'a', 'c'])
      books
        .of({ ...who, subject }, 'shop', key)
        .page('pii')
        .learn('tok', subject)
    expect(
      books
        .of({ ...who, subject: 'a' }, 'shop', key)
        .page('pii')
        .find('tok'),
    ).toBe('a')
    expect(
      books
        .of({ ...who, subject: 'b' }, 'shop', key)
        .page('pii')
        .find('tok'),
    ).toBeUndefined()
  })
})
