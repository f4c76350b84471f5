import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { readClientResponse, readInitialResponse, statusOf } from '../../proxy/login/oauth-bearer.ts'

const read = (text: string) => readClientResponse(Buffer.from(text, 'latin1'))

function refusal(run: () => unknown): string {
  try {
    return `passed: ${String(run())}`
  } catch (error) {
    if (error instanceof GatewayError) return `${error.fields.sqlstate} ${error.message}`
    throw error
  }
}

describe('the client’s OAUTHBEARER response', () => {
  it.each([
    ['as libpq 18 writes it', 'n,,\x01auth=Bearer abc.def-ghi_~+/==\x01\x01', 'abc.def-ghi_~+/=='],
    ['the scheme in any case', 'n,,\x01auth=bearer abc\x01\x01', 'abc'],
    ['the client would bind a channel if we did', 'y,,\x01auth=Bearer abc\x01\x01', 'abc'],
    ['with host and port, which say nothing', 'n,,\x01host=shop.corp\x01port=6432\x01auth=Bearer abc\x01\x01', 'abc'],
    ['a request for discovery', 'n,,\x01auth=\x01\x01', ''],
  ])('is read: %s', (_name, text, token) => {
    expect(read(text)).toBe(token)
  })

  it.each([
    ['nothing', ''],
    ['no header', '\x01auth=Bearer abc\x01\x01'],
    ['channel binding', 'p=tls-server-end-point,,\x01auth=Bearer abc\x01\x01'],
    ['an unknown flag', 'x,,\x01auth=Bearer abc\x01\x01'],
    ['no separator behind the header', 'n,,auth=Bearer abc\x01\x01'],
    ['only one at the end', 'n,,\x01auth=Bearer abc\x01'],
    ['no auth', 'n,,\x01host=x\x01\x01'],
    ['no part at all', 'n,,\x01\x01'],
    ['auth twice', 'n,,\x01auth=Bearer abc\x01auth=Bearer def\x01\x01'],
    ['a part without a key', 'n,,\x01=x\x01auth=Bearer abc\x01\x01'],
    ['bytes behind the end', 'n,,\x01auth=Bearer abc\x01\x01x'],
    ['a second message behind the end', 'n,,\x01auth=Bearer abc\x01\x01auth=Bearer def\x01\x01'],
    ['a zero byte', 'n,,\x01auth=Bearer abc\x00\x01\x01'],
    ['bytes that are not text', 'n,,\x01auth=Bearer a\xff\x01\x01'],
  ])('is refused as malformed: %s', (_name, text) => {
    expect(refusal(() => read(text))).toMatch(/^08P01 malformed OAUTHBEARER message: /)
  })

  it('with an authorization identity is refused by name', () => {
    expect(refusal(() => read('n,a=admin,\x01auth=Bearer abc\x01\x01'))).toMatch(/^0A000 .*authorization identity/)
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer =a'])('does not take %j for a token', (auth) => {
    expect(refusal(() => read(`n,,\x01auth=${auth}\x01\x01`))).toMatch(/^28000 the token is not a bearer token/)
  })
})

describe('SASLInitialResponse', () => {
  const body = (mechanism: string, length: number, data: string) => {
    const head = Buffer.alloc(4)
    head.writeInt32BE(length)
    return Buffer.concat([Buffer.from(`${mechanism}\0`), head, Buffer.from(data)])
  }

  it('has a mechanism and data, or waits for a challenge', () => {
    expect(readInitialResponse(body('OAUTHBEARER', 3, 'n,,'))).toEqual({ mechanism: 'OAUTHBEARER', data: Buffer.from('n,,') })
    expect(readInitialResponse(body('OAUTHBEARER', -1, ''))).toEqual({ mechanism: 'OAUTHBEARER', data: undefined })
  })

  it.each([
    ['longer than announced', body('OAUTHBEARER', 2, 'n,,')],
    ['shorter than announced', body('OAUTHBEARER', 4, 'n,,')],
    ['a length that wraps', body('OAUTHBEARER', -2, 'n,,')],
    ['data where there are none', body('OAUTHBEARER', -1, 'n,,')],
    ['no zero byte', Buffer.from('OAUTHBEARER')],
    ['no length', Buffer.from('OAUTHBEARER\0\0\0')],
    ['nothing', Buffer.alloc(0)],
  ])('is refused: %s', (_name, bytes) => {
    expect(refusal(() => readInitialResponse(bytes))).toMatch(/^08P01/)
  })
})

it('the failure says where tokens come from, as libpq reads it', () => {
  const status = statusOf({ discovery: 'https://login.corp/.well-known/openid-configuration', scope: 'openid email' })
  expect(JSON.parse(status.toString())).toEqual({
    status: 'invalid_token',
    'openid-configuration': 'https://login.corp/.well-known/openid-configuration',
    scope: 'openid email',
  })
  expect(JSON.parse(statusOf(undefined).toString())).toEqual({ status: 'invalid_token' })
})
