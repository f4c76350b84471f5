import { describe, expect, it } from 'vitest'
import { checkReport, checkTwoStrings } from '../../proxy/wire/check-strings.ts'

const frame = (type: string, body: string): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, Buffer.from(body, 'latin1')])
}

/** With bytes behind it that would end its last string, as in a socket's chunk. */
function within(message: Buffer, check: (buf: Buffer, from: number, to: number) => void): () => void {
  const chunk = Buffer.concat([Buffer.from('Z\0'), message, Buffer.from('x\0\0')])
  return () => check(chunk, 2, 2 + message.length)
}

describe('an error of the server', () => {
  it.each(['SERROR\0C42P01\0Mno such table\0\0', '\0', 'M\0\0'])('passes as the protocol shapes it: %j', (body) => {
    expect(within(frame('E', body), checkReport)).not.toThrow()
  })

  it.each(['', 'S', 'SERROR', 'SERROR\0', 'SERROR\0C4', 'SERROR\0\0M', 'M\0'])('ends the session in another shape: %j', (body) => {
    expect(within(frame('E', body), checkReport)).toThrow('type E that is not shaped')
  })
})

describe('a parameter or a notification', () => {
  const parameter = (buf: Buffer, from: number, to: number) => checkTwoStrings(buf, from, to, 5)
  const notification = (buf: Buffer, from: number, to: number) => checkTwoStrings(buf, from, to, 9)

  it('passes as the protocol shapes it', () => {
    expect(within(frame('S', 'TimeZone\0UTC\0'), parameter)).not.toThrow()
    expect(within(frame('S', '\0\0'), parameter)).not.toThrow()
    expect(within(frame('A', '\0\0\0\u0007channel\0\0'), notification)).not.toThrow()
  })

  it.each(['', '\0', 'a\0', 'a\0b', 'a\0b\0c', 'a\0b\0\0'])('ends the session in another shape: %j', (body) => {
    expect(within(frame('S', body), parameter)).toThrow('not shaped')
  })

  it.each(['', '\0\0', '\0\0\0\u0007', '\0\0\0\u0007a\0b'])('a notification too: %j', (body) => {
    expect(within(frame('A', body), notification)).toThrow('not shaped')
  })
})
