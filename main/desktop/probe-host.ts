import tls from 'node:tls'
import type { HostProbe } from '../contract/desktop.ts'
import { askHost, HostUnreachable, pemOf, readText, systemAuthorities } from './ask-host.ts'
import { fingerprintOf } from './judge-certificate.ts'

const WAIT_MS = 10_000

/**
 * Looks who answers at an address, for a person to compare and confirm. Sends nothing of ours but `GET /api/health`. Rejects with `HostUnreachable` when nobody
 * answers, or it is no Sallyport.
 */
export async function probeHost(address: string): Promise<HostProbe> {
  const certificate = address.startsWith('https:') ? await readCertificate(new URL(address)) : null
  const { ask, close } = askHost({ origin: address, fingerprint: certificate?.fingerprint ?? null })
  try {
    const reply = await ask('/api/health', { waitMs: WAIT_MS })
    const text = await readText(reply.body, 1024 * 1024)
    if (reply.status !== 200 || !/^\{"status":"(ok|trouble)"/.test(text))
      throw new HostUnreachable('Something answers there, but it is no Sallyport host.')
    return { address, certificate }
  } finally {
    close()
  }
}

function readCertificate({ hostname, port }: URL): Promise<NonNullable<HostProbe['certificate']>> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const isName = !/^[\d.]+$|:/.test(host)
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host,
      port: port === '' ? 443 : Number(port),
      // Only looked at here; what is judged is the fingerprint that the person confirms.
      rejectUnauthorized: false,
      ca: systemAuthorities(),
      ...(isName ? { servername: host } : {}),
    })
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error('timeout')))
    socket.once('error', () => reject(new HostUnreachable(`Nobody answers at ${hostname}, or not with TLS.`)))
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate()
      const fingerprint = fingerprintOf(pemOf(shown.raw))
      const trusted = socket.authorized && tls.checkServerIdentity(host, shown) === undefined
      socket.destroy()
      if (fingerprint === undefined) return reject(new HostUnreachable('The host showed no certificate that can be read.'))
      resolve({ fingerprint, subject: nameOf(shown.subject), issuer: nameOf(shown.issuer), validTo: shown.valid_to, trusted })
    })
  })
}

function nameOf(names: tls.Certificate | undefined): string {
  const name = names?.CN ?? names?.O ?? ''
  return (Array.isArray(name) ? name.join(', ') : name).slice(0, 200)
}
