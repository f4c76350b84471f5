import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Vault } from '../vault/open-vault.ts'
import type { TlsPair } from './tls-pair.ts'

const KEY_NAME = 'tls-key'
const DAY_MS = 86_400_000
/** What operating systems take at most from an authority that somebody installed. */
const VALID_MS = 825 * DAY_MS
const RENEW_MS = 30 * DAY_MS
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

export const certificateFile = (dataDir: string): string => join(dataDir, 'tls-certificate.pem')

export interface Generated extends TlsPair {
  /** It was made just now: its fingerprint is another than before. */
  readonly made: boolean
}

/**
 * The host's own certificate (X.509 version 3, ECDSA P-256, signed by itself), made at the first start and kept: the key in the vault, the certificate in the data
 * directory. It is made anew, with the same key, when a name is missing from it or it ends within 30 days.
 * `names`: host names and addresses that clients use.
 */
export async function readOrMakeCertificate(dataDir: string, vault: Vault, names: readonly string[], now: number): Promise<Generated> {
  const der = vault.read(KEY_NAME)
  const key = der === undefined ? await makeKey(vault) : createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString()
  const path = certificateFile(dataDir)
  if (existsSync(path)) {
    const cert = readFileSync(path, 'utf8')
    if (isGood(cert, key, names, now)) return { cert, key: pem, made: false }
  }
  const cert = await makeCertificate(key, names, now)
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, cert, { mode: 0o600, flag: 'wx' })
  renameSync(draft, path)
  return { cert, key: pem, made: true }
}

async function makeKey(vault: Vault): Promise<KeyObject> {
  const { privateKey } = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey))
  vault.write(KEY_NAME, der)
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

function isGood(pem: string, key: KeyObject, names: readonly string[], now: number): boolean {
  try {
    const cert = new X509Certificate(pem)
    const covers = (name: string): boolean => (isIP(name) === 0 ? cert.checkHost(name) : cert.checkIP(name)) !== undefined
    return cert.checkPrivateKey(key) && Date.parse(cert.validTo) > now + RENEW_MS && names.every(covers)
  } catch {
    // It is no certificate any more: another is made.
    return false
  }
}

async function makeCertificate(key: KeyObject, names: readonly string[], now: number): Promise<string> {
  // Only here: most hosts bring their own certificate, and the library takes a while to load. It wants the first of the two, and does not bring it.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(crypto)
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, CURVE, true, ['sign'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', privateKey)
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) throw new TypeError('the key is not of the curve P-256')
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, CURVE, true, ['verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Positive, and never used twice (RFC 5280 section 4.1.2.2).
    serialNumber: `00${randomBytes(16).toString('hex')}`,
    name: 'CN=Sallyport',
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_MS),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys: { privateKey, publicKey },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  })
  return `${certificate.toString('pem')}\n`
}
