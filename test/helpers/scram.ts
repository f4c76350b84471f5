/** SCRAM-SHA-256, client side (RFC 5802, RFC 7677), so that tests can log in directly. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The first message, and what answers the server's first. */
export function startScram(password: string): { readonly first: Buffer; answer(serverFirst: Buffer): Buffer } {
  const bare = `n=,r=${randomBytes(18).toString('base64')}`
  return {
    first: Buffer.from(`n,,${bare}`),
    answer(serverFirst) {
      const text = serverFirst.toString('utf8')
      const part = (name: string): string => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(text)?.[1] ?? ''
      const salted = pbkdf2Sync(password, Buffer.from(part('s'), 'base64'), Number(part('i')), 32, 'sha256')
      const key = hmac(salted, 'Client Key')
      const withoutProof = `c=biws,r=${part('r')}`
      const signature = hmac(createHash('sha256').update(key).digest(), `${bare},${text},${withoutProof}`)
      const proof = Buffer.from(key.map((byte, i) => byte ^ (signature[i] ?? 0)))
      return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)
    },
  }
}
