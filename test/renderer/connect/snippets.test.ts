import { describe, expect, it } from 'vitest'
import { snippets, targetOf } from '../../../renderer/connect/snippets.ts'

describe.each(snippets)('the snippet for $name', ({ text }) => {
  const local = text(targetOf('127.0.0.1:6432', 'shop'))
  const remote = text(targetOf('sallyport.corp:6432', 'shop'))

  it('names host, port and connection, and reads the token from the environment', () => {
    for (const part of ['127.0.0.1', '6432', 'shop', 'SALLYPORT_TOKEN']) expect(local).toContain(part)
  })

  it('asks for a checked certificate anywhere but on this machine', () => {
    expect(remote).toMatch(/verify-full|rejectUnauthorized: true/)
    expect(local).not.toMatch(/verify-full|rejectUnauthorized/)
  })
})

it('reads addresses with brackets', () => {
  expect(targetOf('[::1]:6432', 'shop')).toEqual({ host: '::1', port: '6432', connection: 'shop', loopback: true })
})
