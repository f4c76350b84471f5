import { X509Certificate } from 'node:crypto'

/** What Chromium's verifier is told: `trust` and `refuse` are ours, `as-usual` leaves it to the system's authorities. */
export type CertificateJudgement = 'trust' | 'refuse' | 'as-usual'

/** Chromium's codes for `setCertificateVerifyProc`. */
export const VERIFIER_CODES: Readonly<Record<CertificateJudgement, number>> = { trust: 0, refuse: -2, 'as-usual': -3 }

/**
 * Only the pinned certificate of only the configured host. A pin counts alone: neither an authority nor a proxy's own root can stand in for it. Without a
 * pin the system's authorities judge. Every other host is refused, since nothing else is ever loaded.
 */
export function judgeCertificate(
  hostname: string,
  pem: string,
  expected: { readonly hostname: string; readonly fingerprint: string | null } | undefined,
): CertificateJudgement {
  if (expected === undefined || hostname.toLowerCase() !== expected.hostname.toLowerCase()) return 'refuse'
  if (expected.fingerprint === null) return 'as-usual'
  return fingerprintOf(pem) === expected.fingerprint ? 'trust' : 'refuse'
}

/** SHA-256 of the certificate's DER, colons between pairs. Undefined when it is no certificate. */
export function fingerprintOf(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint256
  } catch {
    return undefined
  }
}
