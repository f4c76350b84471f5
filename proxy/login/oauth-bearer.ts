/** The messages of SASL OAUTHBEARER (RFC 7628; GS2 header: RFC 5801, section 4; protocol, "OAUTHBEARER Authentication"), as data. */
import { GatewayError } from '../errors.ts'
import type { TokenIssuer } from '../ports.ts'
import { protocol } from './packet-reader.ts'

export const OAUTHBEARER = 'OAUTHBEARER'
/** `kvsep`: stands between the parts, and alone it ends a failed exchange. */
export const SEPARATOR = 0x01

export interface InitialResponse {
  readonly mechanism: string
  /** Undefined: the client waits for an empty challenge first. */
  readonly data: Buffer | undefined
}

/** SASLInitialResponse: mechanism, int32 length (-1: none), data. Throws `protocol`. */
export function readInitialResponse(body: Buffer): InitialResponse {
  const zero = body.indexOf(0)
  if (zero < 0 || zero + 5 > body.length) throw malformed('no mechanism and length')
  const mechanism = body.toString('latin1', 0, zero)
  const length = body.readInt32BE(zero + 1)
  const data = body.subarray(zero + 5)
  if (length === -1 && data.length === 0) return { mechanism, data: undefined }
  if (length !== data.length) throw malformed('the length does not match')
  return { mechanism, data }
}

/**
 * The token of the client's response `n,,^Aauth=Bearer TOKEN^A^A`, or '' when it asks for discovery (`auth=` with nothing). Keys beside
 * `auth` are passed over, as the RFC wants. Throws `protocol`; an authorization identity or channel binding is refused by name.
 */
export function readClientResponse(data: Buffer): string {
  const text = data.toString('latin1')
  if (text.includes('\0')) throw malformed('it holds a zero byte')
  if (text.startsWith('p')) throw malformed('it has channel binding data, which the mechanism cannot have')
  if (!text.startsWith('n,') && !text.startsWith('y,')) throw malformed('its channel binding flag is unknown')
  if (text.startsWith('a=', 2)) {
    throw new GatewayError({
      code: 'unsupported',
      sqlstate: '0A000',
      message: 'client uses authorization identity, but it is not supported',
      hint: 'Identity is the token’s: leave the authorization identity out.',
      severity: 'FATAL',
    })
  }
  if (!text.startsWith(',\x01', 2)) throw malformed('its header does not end')
  const pairs = text.slice(4)
  if (!pairs.endsWith('\x01\x01')) throw malformed('its last part does not end')
  let auth: string | undefined
  for (const pair of pairs.slice(0, -2).split('\x01')) {
    const equals = pair.indexOf('=')
    if (equals < 1 || !/^[A-Za-z]+$/.test(pair.slice(0, equals))) throw malformed('a part has no key')
    if (!/^[\x20-\x7e\t\r\n]*$/.test(pair.slice(equals + 1))) throw malformed('a value has characters that may not be there')
    if (pair.slice(0, equals) !== 'auth') continue
    if (auth !== undefined) throw malformed('auth is given twice')
    auth = pair.slice(equals + 1)
  }
  if (auth === undefined) throw malformed('it has no auth value')
  if (auth === '') return ''
  const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(auth)?.[1]
  if (bearer === undefined) {
    throw new GatewayError({ code: 'token-invalid', sqlstate: '28000', message: 'the token is not a bearer token', severity: 'FATAL' })
  }
  return bearer
}

/** The server's error challenge (RFC 7628, section 3.2.2): JSON with where tokens come from. */
export function statusOf(issuer: TokenIssuer | undefined): Buffer {
  return Buffer.from(
    JSON.stringify({
      status: 'invalid_token',
      ...(issuer === undefined ? {} : { 'openid-configuration': issuer.discovery, scope: issuer.scope }),
    }),
  )
}

function malformed(why: string): GatewayError {
  return protocol(`malformed OAUTHBEARER message: ${why}`)
}
