/** An authenticator made of node:crypto, as a browser would use it (WebAuthn level 3): ES256, no attestation. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const UP = 0x01
const UV = 0x04
const AT = 0x40

export interface SoftwareAuthenticator {
  readonly id: string
  /** Signs so often, as it says. Set it back to play a copied key. */
  counter: number
  /** Whether it saw the person's finger or PIN. */
  verifies: boolean
  create(options: { readonly challenge: string }, at: Place): Created
  get(options: { readonly challenge: string }, at: Place): Asserted
}

export interface Place {
  readonly origin: string
  readonly rpId: string
}

export interface Created {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string; readonly transports: ['internal'] }
  readonly clientExtensionResults: Record<string, never>
}

export interface Asserted {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: { readonly clientDataJSON: string; readonly authenticatorData: string; readonly signature: string }
  readonly clientExtensionResults: Record<string, never>
}

const base64url = (bytes: Buffer): string => bytes.toString('base64url')
const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest()

export function createSoftwareAuthenticator(): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rawId = randomBytes(32)
  const id = base64url(rawId)
  const self: SoftwareAuthenticator = {
    id,
    counter: 0,
    verifies: true,
    create({ challenge }, { origin, rpId }) {
      self.counter += 1
      const length = Buffer.alloc(2)
      length.writeUInt16BE(rawId.length)
      const credential = Buffer.concat([Buffer.alloc(16), length, rawId, coseKey(publicKey)])
      const data = Buffer.concat([authenticatorData(self, rpId, AT), credential])
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.from([0xa0]),
        cborText('authData'),
        cborBytes(data),
      ])
      const response = { clientDataJSON: clientData('webauthn.create', challenge, origin), attestationObject: base64url(attestation) }
      return { id, rawId: id, type: 'public-key', response: { ...response, transports: ['internal'] }, clientExtensionResults: {} }
    },
    get({ challenge }, { origin, rpId }) {
      self.counter += 1
      const data = authenticatorData(self, rpId, 0)
      const clientDataJSON = clientData('webauthn.get', challenge, origin)
      const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))])
      const signature = base64url(sign('sha256', signed, privateKey))
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData: base64url(data), signature },
        clientExtensionResults: {},
      }
    },
  }
  return self
}

function authenticatorData({ counter, verifies }: SoftwareAuthenticator, rpId: string, flags: number): Buffer {
  const rest = Buffer.alloc(5)
  rest[0] = UP | (verifies ? UV : 0) | flags
  rest.writeUInt32BE(counter, 1)
  return Buffer.concat([sha256(rpId), rest])
}

function clientData(type: string, challenge: string, origin: string): string {
  return base64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })))
}

/** RFC 9053: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ])
}

const cborText = (text: string): Buffer => Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)])

function cborBytes(bytes: Buffer): Buffer {
  const head = bytes.length < 256 ? Buffer.from([0x58, bytes.length]) : Buffer.from([0x59, bytes.length >> 8, bytes.length & 0xff])
  return Buffer.concat([head, bytes])
}
