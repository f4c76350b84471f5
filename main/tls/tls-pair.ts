import { X509Certificate } from 'node:crypto'

/** A certificate (chain) and its key, PEM. */
export interface TlsPair {
  readonly cert: string
  readonly key: string
}

/** SHA-256 of the certificate (DER), as browsers and openssl show it: `AB:CD:…`. */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256
}
