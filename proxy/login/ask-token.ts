import type { Duplex } from 'node:stream'
import { GatewayError } from '../errors.ts'
import type { Identities, Identity } from '../ports.ts'
import { authenticationFrame, saslContinueFrame, saslFrame } from '../wire/server-messages.ts'
import { OAUTHBEARER, readClientResponse, readInitialResponse, SEPARATOR, statusOf } from './oauth-bearer.ts'
import { type PacketReader, protocol } from './packet-reader.ts'
import type { TokenWay } from './startup.ts'

/** Asks for the token and has it checked. `arrived` is called when it is here. Throws FATAL: `token-invalid` (28000), `protocol` (08P01). */
export async function askToken(
  socket: Duplex,
  reader: PacketReader,
  way: TokenWay,
  identities: Identities,
  arrived: () => void,
): Promise<Identity> {
  if (way === 'oauth') return askBearer(socket, reader, identities, arrived)
  socket.write(authenticationFrame(3))
  const body = await reader.answer()
  arrived()
  const zero = body.indexOf(0)
  if (zero < 0 || zero !== body.length - 1) throw protocol('invalid password message')
  if (zero === 0) {
    throw new GatewayError({
      code: 'token-invalid',
      sqlstate: '28000',
      message: 'no token was given as the password',
      hint: 'Give the OIDC access token as the password.',
      severity: 'FATAL',
    })
  }
  return identities.verify(body.toString('utf8', 0, zero))
}

/** SASL OAUTHBEARER (RFC 7628), as libpq 18 speaks it. There is no final message from us: AuthenticationOk follows. */
async function askBearer(socket: Duplex, reader: PacketReader, identities: Identities, arrived: () => void): Promise<Identity> {
  socket.write(saslFrame([OAUTHBEARER]))
  const initial = readInitialResponse(await reader.answer())
  if (initial.mechanism !== OAUTHBEARER) throw protocol('client selected an invalid SASL authentication mechanism')
  let response = initial.data
  if (response === undefined) {
    socket.write(saslContinueFrame(Buffer.alloc(0)))
    response = await reader.answer()
  }
  const token = readClientResponse(response)
  arrived()
  try {
    if (token === '') throw discovery()
    return await identities.verify(token)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'token-invalid') throw error
    // RFC 7628, section 3.2.2: the failure is told inside SASL, the client answers with one separator, and only then the login fails.
    socket.write(saslContinueFrame(statusOf(identities.announced())))
    const dummy = await reader.answer()
    if (dummy.length !== 1 || dummy[0] !== SEPARATOR)
      throw protocol('malformed OAUTHBEARER message: the client did not end the failed exchange')
    throw error
  }
}

/** An empty token asks where tokens come from. The client connects again with one. */
function discovery(): GatewayError {
  return new GatewayError({
    code: 'token-invalid',
    sqlstate: '28000',
    message: 'no token was given',
    hint: 'Get an access token from the provider that was announced, and connect again with it.',
    severity: 'FATAL',
  })
}
