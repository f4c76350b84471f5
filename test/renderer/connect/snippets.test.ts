import { describe, expect, it } from 'vitest'
import { snippets, targetOf } from '../../../renderer/connect/snippets.ts'

const WEB = 'https://sallyport.corp:8443'

describe.each(snippets.filter(({ speaks }) => speaks === 'postgres'))('the snippet for $name', ({ text }) => {
  const local = text(targetOf('127.0.0.1:6432', 'shop', WEB))
  const remote = text(targetOf('sallyport.corp:6432', 'shop', WEB))

  it('names host, port and connection, and reads the token from the environment', () => {
    for (const part of ['127.0.0.1', '6432', 'shop', 'SALLYPORT_TOKEN']) expect(local).toContain(part)
  })

  it('asks for a checked certificate anywhere but on this machine', () => {
    expect(remote).toMatch(/verify-full|rejectUnauthorized: true/)
    expect(local).not.toMatch(/verify-full|rejectUnauthorized/)
  })
})

it('reads addresses with brackets', () => {
  expect(targetOf('[::1]:6432', 'shop', WEB)).toEqual({ host: '::1', port: '6432', connection: 'shop', loopback: true, web: WEB })
})

describe.each(snippets.filter(({ speaks }) => speaks === 'mcp'))('the configuration for $name', ({ text, command, link }) => {
  const target = targetOf('sallyport.corp:6432', 'shop', WEB)

  it('names the address and takes the token from the environment', () => {
    expect(text(target)).toContain(`${WEB}/mcp`)
    for (const words of [text(target), command?.(target), link && decodeURIComponent(link(target) ?? '')].filter((one) => one))
      expect(words).toMatch(/SALLYPORT_TOKEN|config=/)
  })
})
