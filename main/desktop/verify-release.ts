import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** What is signed: the words, so that the signature serves for nothing else, and the SHA-512 of the file. */
export function releaseMessage(sha512: Buffer): Buffer {
  return Buffer.concat([Buffer.from('sallyport release\n'), sha512])
}

/** SHA-512 of a file of any size. */
export async function sha512Of(file: string): Promise<Buffer> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return hash.digest()
}

/**
 * Whether the team's own key has signed this very file (Ed25519, RFC 8032). `publicKey` is the SPKI in base64, `signature` base64. The systems' own checks of
 * code signatures come on top; on Linux there is none.
 */
export async function verifyRelease(file: string, signature: string, publicKey: string): Promise<boolean> {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519') return false
    return verify(null, releaseMessage(await sha512Of(file)), key, Buffer.from(signature.trim(), 'base64'))
  } catch {
    return false
  }
}
