/** SCRAM-SHA-256 as a client (RFC 5802, RFC 7677; protocol section "SASL Authentication"), without channel binding. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { GatewayError } from '../errors.ts'

const derive = promisify(pbkdf2)

/** More would let a false server keep us busy; PostgreSQL's default is 4,096. */
const MAX_ITERATIONS = 1_000_000

export interface ScramExchange {
  readonly first: string
  /** The client-final-message for the server's first. Throws `upstream-refused` when the server's nonce or fields are not in order. */
  answer(serverFirst: string): Promise<string>
  /** Checks the server's signature: it knows the password too. Throws `upstream-refused`. */
  verify(serverFinal: string): void
}

export function beginScram(password: string): ScramExchange {
  const nonce = randomBytes(18).toString('base64')
  const bare = `n=*,r=${nonce}`
  let signature: Buffer | undefined
  return {
    first: `n,,${bare}`,
    async answer(serverFirst) {
      const fields = readFields(serverFirst)
      const [full, salt, rounds] = [fields.get('r') ?? '', fields.get('s') ?? '', Number(fields.get('i'))]
      if (!full.startsWith(nonce) || full.length <= nonce.length) throw untrusted('its nonce is not ours')
      if (salt === '' || !Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ITERATIONS)
        throw untrusted('its salt or rounds are malformed')
      const salted = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64'), rounds, 32, 'sha256')
      const clientKey = hmac(salted, 'Client Key')
      const stored = createHash('sha256').update(clientKey).digest()
      const final = `c=biws,r=${full}`
      const message = `${bare},${serverFirst},${final}`
      const proof = hmac(stored, message)
      for (let i = 0; i < proof.length; i++) proof[i] = (proof[i] as number) ^ (clientKey[i] as number)
      signature = hmac(hmac(salted, 'Server Key'), message)
      return `${final},p=${proof.toString('base64')}`
    },
    verify(serverFinal) {
      const given = Buffer.from(readFields(serverFinal).get('v') ?? '', 'base64')
      if (signature === undefined || given.length !== signature.length || !timingSafeEqual(given, signature)) {
        throw untrusted('its signature is wrong')
      }
    },
  }
}

function readFields(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

function untrusted(why: string): GatewayError {
  return new GatewayError({
    code: 'upstream-refused',
    sqlstate: '08004',
    message: `the database server could not prove itself: ${why}`,
    severity: 'FATAL',
  })
}
