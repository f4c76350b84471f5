import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { KeyPath } from './document.ts'
import type { ShapeFault } from './explain-issue.ts'
import { Secret } from './secret.ts'

/** A certificate chain and its key, read and known to belong together. */
export interface TlsFiles {
  /** Absolute. */
  readonly certFile: string
  readonly keyFile: string
  /** PEM. */
  readonly cert: string
  /** PEM. */
  readonly key: Secret
}

/** A chain of certificates is far smaller. */
const LONGEST_PEM = 1 << 20

type Report = (fault: ShapeFault) => void

/** Reads a PEM file named in the configuration. Undefined after a reported fault. */
export function readPem(file: string, folder: string, path: KeyPath, report: Report): string | undefined {
  try {
    const found = statSync(resolve(folder, file))
    // A device or a pipe would never come to its end.
    const text = found.isFile() && found.size <= LONGEST_PEM ? readFileSync(resolve(folder, file), 'utf8') : ''
    if (text.includes('-----BEGIN ')) return text
    report({ path, message: 'the file is not PEM.', allowed: 'a text file with "-----BEGIN …"' })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    report({
      path,
      message: `the file cannot be read (${code}).`,
      allowed: 'a PEM file that this user can read, relative to the configuration',
    })
  }
  return undefined
}

/** Reads both and proves that the key is the certificate's. */
export function readTls(tls: { cert: string; key: string }, folder: string, path: KeyPath, report: Report): TlsFiles | undefined {
  const cert = readPem(tls.cert, folder, [...path, 'cert'], report)
  const key = readPem(tls.key, folder, [...path, 'key'], report)
  if (cert === undefined || key === undefined) return undefined
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unusable'
    report({ path, message: `certificate and key cannot be used together (${code}).`, allowed: 'a certificate and its own key' })
    return undefined
  }
  return { certFile: resolve(folder, tls.cert), keyFile: resolve(folder, tls.key), cert, key: new Secret(key) }
}

/** Reads a certificate authority's PEM and sees that it is a certificate. */
export function readAuthority(file: string, folder: string, path: KeyPath, report: Report): string | undefined {
  const pem = readPem(file, folder, path, report)
  if (pem === undefined) return undefined
  try {
    return new X509Certificate(pem) && pem
  } catch {
    report({ path, message: 'the file holds no certificate.', allowed: 'the certificate of the authority, PEM' })
    return undefined
  }
}
