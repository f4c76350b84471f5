import { describe, expect, it } from 'vitest'
import { UsageError } from '../../main/cli/command.ts'
import { parseSqlUrl } from '../../main/cli/sql-url.ts'

describe('the URL of sallyport sql', () => {
  it('is that of the contract', () => {
    expect(parseSqlUrl('postgresql://any%20name:a.b.c@127.0.0.1:6432/shop', {})).toEqual({
      host: '127.0.0.1',
      port: 6432,
      user: 'any name',
      password: 'a.b.c',
      database: 'shop',
      tls: 'prefer',
      ca: undefined,
    })
  })

  it('verifies off loopback unless told otherwise', () => {
    expect(parseSqlUrl('postgres://u:t@db.corp/shop', {})).toMatchObject({ tls: 'verify-full', port: 5432 })
    expect(parseSqlUrl('postgres://u:t@db.corp/shop?sslmode=require', {}).tls).toBe('require')
    expect(parseSqlUrl('postgres://u:t@[::1]:1/shop', {})).toMatchObject({ host: '::1', tls: 'prefer' })
  })

  it('may leave the token to PGPASSWORD', () => {
    expect(parseSqlUrl('postgresql://u@127.0.0.1/shop', { PGPASSWORD: 'tok' }).password).toBe('tok')
  })

  it.each([
    ['mysql://u:hunter2@h/d', /must look like/],
    ['not a url hunter2', /must look like/],
    ['postgresql://u:hunter2@h/d?sslmode=disable', /clear text/],
    ['postgresql://u:hunter2@h/d?sslmode=prefer', /clear text/],
    ['postgresql://u:hunter2@h/d?sslmode=sometimes', /one of/],
    ['postgresql://u:hunter2@h/d?options=x', /"options" is not known/],
    ['postgresql://u:hunter2@h/', /names no connection/],
    ['postgresql://u@127.0.0.1/d', /no token/],
    ['postgresql://u:hunter2%zz@127.0.0.1/d', /"%"/],
  ])('%s is refused without showing the token', (url, message) => {
    const read = () => parseSqlUrl(url, {})
    expect(read).toThrow(UsageError)
    expect(read).toThrow(message)
    expect(read).not.toThrow(/hunter2/)
  })
})
