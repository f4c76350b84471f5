/** The channel binding `tls-server-end-point` (RFC 5929, section 4): a hash of the server's certificate, read from its DER (RFC 5280). */
import { createHash } from 'node:crypto'

/** Signature algorithms by the DER of their object identifier, with the hash that they use. MD5 and SHA-1 count as SHA-256. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a864886f70d01010e', 'sha224'],
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  // Hashes by themselves, as the parameters of RSASSA-PSS name them.
  ['2b0e03021a', 'sha256'], // SHA-1
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
  ['608648016503040204', 'sha224'],
])
const RSASSA_PSS = '2a864886f70d01010a'
const [SEQUENCE, OBJECT_ID, FIRST_TAGGED] = [0x30, 0x06, 0xa0]

/** The hash of a whole certificate in DER. Undefined where its signature has no hash of its own (Ed25519), or it cannot be read: then a channel cannot be bound. */
export function certificateHash(der: Buffer): Buffer | undefined {
  const certificate = element(der, 0, der.length, SEQUENCE)
  const signed = certificate && element(der, certificate.from, certificate.to, SEQUENCE)
  const algorithm = signed && element(der, signed.to, certificate.to, SEQUENCE)
  const digest = algorithm && digestOf(der, algorithm)
  return digest === undefined ? undefined : createHash(digest).update(der).digest()
}

interface Element {
  readonly from: number
  readonly to: number
}

function digestOf(der: Buffer, algorithm: Element): string | undefined {
  const id = element(der, algorithm.from, algorithm.to, OBJECT_ID)
  if (id === undefined) return undefined
  const name = der.toString('hex', id.from, id.to)
  if (name !== RSASSA_PSS) return DIGESTS.get(name)
  // RSASSA-PSS-params (RFC 4055): the hash is the first field, and SHA-1 where it is left out.
  const params = element(der, id.to, algorithm.to, SEQUENCE)
  if (params === undefined) return undefined
  const field = element(der, params.from, params.to, FIRST_TAGGED)
  if (field === undefined) return 'sha256'
  const hash = element(der, field.from, field.to, SEQUENCE)
  const hashId = hash && element(der, hash.from, hash.to, OBJECT_ID)
  return hashId && DIGESTS.get(der.toString('hex', hashId.from, hashId.to))
}

/** The content of the element that begins at `at`, if it has this tag and lies within `end`. */
function element(der: Buffer, at: number, end: number, tag: number): Element | undefined {
  if (at + 2 > end || der[at] !== tag) return undefined
  const first = der[at + 1] as number
  if (first < 0x80) return within(at + 2, first, end)
  const bytes = first & 0x7f
  if (bytes === 0 || bytes > 4 || at + 2 + bytes > end) return undefined
  return within(at + 2 + bytes, der.readUIntBE(at + 2, bytes), end)
}

function within(from: number, length: number, end: number): Element | undefined {
  return from + length <= end ? { from, to: from + length } : undefined
}
