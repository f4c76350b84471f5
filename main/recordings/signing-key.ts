import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { Vault } from '../vault/open-vault.ts'

/** The key that this host signs its record with (Ed25519, RFC 8032). */
export interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  /** PEM (SPKI): what others need to check the signatures. */
  readonly publicKey: string
  /** It is encrypted at rest. */
  readonly sealed: boolean
}

/** A document as it was signed, byte for byte, and its signature in base64. */
export interface Signed {
  readonly body: string
  readonly signature: string
}

const NAME = 'signing-key'

/** The key is made at the first start and stays in the vault. */
export function readSigningKey(vault: Vault): SigningKey {
  const der = vault.readOrMake(NAME, () => generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }))
  return signingKeyOf(der, vault.sealed)
}

/** From PKCS #8 in DER. Throws when it is no Ed25519 key. */
export function signingKeyOf(der: Buffer, sealed = false): SigningKey {
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('the key that signs the record has to be an Ed25519 key')
  const publicKey = createPublicKey(privateKey)
  return { id: keyId(publicKey), privateKey, publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(), sealed }
}

/** The first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER): short enough to be read out over a telephone. */
export function keyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16)
}

/** Reads a public key in PEM. Undefined when it is none, or of another kind. */
export function readPublicKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

export function signDocument(key: SigningKey, document: object): Signed {
  const body = JSON.stringify(document)
  return { body, signature: sign(null, Buffer.from(body), key.privateKey).toString('base64') }
}

export function isSignedBy(publicKey: KeyObject, { body, signature }: Signed): boolean {
  return verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64'))
}
