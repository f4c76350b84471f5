/** SCRAM-SHA-256 and SCRAM-SHA-256-PLUS as a client (RFC 5802, RFC 7677, RFC 5929; protocol, "SASL Authentication"). */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { GatewayError } from '../errors.ts'
import { prepareSecret } from './prepare-secret.ts'

const derive = promisify(pbkdf2)

/** More would let a false server keep us busy; PostgreSQL's default is 4,096. */
const MAX_ITERATIONS = 1_000_000

/**
 * The hash of the server's certificate binds the exchange to this TLS channel. `not-offered`: we could, but the server says that it
 * cannot; if that was changed on the way, the server refuses. `unable`: no TLS, or a certificate without a hash.
 */
export type ChannelBinding = Buffer | 'not-offered' | 'unable'

export interface ScramExchange {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS'
  readonly first: Buffer
  /** The client-final-message for the server's first. Throws `upstream-refused` when the server's nonce or fields are not in order. */
  answer(serverFirst: Buffer): Promise<Buffer>
  /** Checks the server's signature: it knows the password too. Throws `upstream-refused`. */
  verify(serverFinal: Buffer): void
}

export function beginScram(password: string, binding: ChannelBinding, nonce = randomBytes(18).toString('base64')): ScramExchange {
  const bound = Buffer.isBuffer(binding)
  const header = Buffer.from(bound ? 'p=tls-server-end-point,,' : binding === 'not-offered' ? 'y,,' : 'n,,')
  const bare = `n=,r=${nonce}`
  let signature: Buffer | undefined
  return {
    mechanism: bound ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256',
    first: Buffer.concat([header, Buffer.from(bare)]),
    async answer(serverFirst) {
      const text = serverFirst.toString('latin1')
      // Exactly these fields in this order: a mandatory extension (`m=`) would be one that we do not know.
      const [, full = '', salt = '', rounds = ''] =
        /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\d{0,9})(?:,.*)?$/.exec(text) ?? []
      if (full === '') throw untrusted('its first message is malformed')
      if (!full.startsWith(nonce) || full.length <= nonce.length) throw untrusted('its nonce is not ours')
      if (Number(rounds) > MAX_ITERATIONS) throw untrusted(`it asks for ${rounds} iterations, and ${MAX_ITERATIONS} are the most`)
      const salted = await derive(prepareSecret(password), Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const stored = createHash('sha256').update(clientKey).digest()
      const final = `c=${Buffer.concat(bound ? [header, binding] : [header]).toString('base64')},r=${full}`
      const message = `${bare},${text},${final}`
      const proof = hmac(stored, message)
      for (let i = 0; i < proof.length; i++) proof[i] = (proof[i] as number) ^ (clientKey[i] as number)
      signature = hmac(hmac(salted, 'Server Key'), message)
      return Buffer.from(`${final},p=${proof.toString('base64')}`)
    },
    verify(serverFinal) {
      const given = Buffer.from(/^v=([A-Za-z0-9+/]+={0,2})(?:,.*)?$/.exec(serverFinal.toString('latin1'))?.[1] ?? '', 'base64')
      if (signature === undefined || given.length !== signature.length || !timingSafeEqual(given, signature)) {
        throw untrusted('its signature is wrong')
      }
    },
  }
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message, 'latin1').digest()
}

function untrusted(why: string): GatewayError {
  return new GatewayError({
    code: 'upstream-refused',
    sqlstate: '08004',
    message: `the database server could not prove itself: ${why}`,
    severity: 'FATAL',
  })
}
