import { describe, expect, it } from 'vitest'
import { qualify } from '../../proxy/catalog/build.ts'
import { isSystemFirst, readCatalog } from '../../proxy/catalog/read.ts'

describe('search_path', () => {
  it('finds pg_catalog first unless it is named later', () => {
    expect(isSystemFirst('"$user", public')).toBe(true)
    expect(isSystemFirst('')).toBe(true)
    expect(isSystemFirst('pg_catalog, private')).toBe(true)
    expect(isSystemFirst('private, pg_catalog')).toBe(false)
    expect(isSystemFirst('private, "pg_catalog"')).toBe(false)
  })
})

describe('a catalog that cannot be read', () => {
  it('is refused with the reason, not guessed', async () => {
    const query = () => Promise.reject(new Error('permission denied for table pg_class'))
    await expect(readCatalog(query)).rejects.toMatchObject({
      code: 'catalog-unavailable',
      message: expect.stringContaining('permission denied'),
    })
  })

  it('is refused when an answer lacks a value', async () => {
    await expect(readCatalog(() => Promise.resolve([[null]]))).rejects.toMatchObject({ code: 'catalog-unavailable' })
  })
})

describe('a name', () => {
  it('is quoted only where SQL needs it', () => {
    expect(qualify('public', 'orders')).toBe('public.orders')
    expect(qualify('public', 'Odd "one"')).toBe('public."Odd ""one"""')
  })
})
