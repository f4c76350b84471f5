import { type Session, session } from 'electron'
import type { HostAddress } from '../ask-host.ts'
import { judgeCertificate, VERIFIER_CODES } from '../judge-certificate.ts'
import { OWN_ORIGIN } from '../judge-sender.ts'
import type { SessionCookie } from '../sign-in-by-browser.ts'

const COOKIES = new Set(['sallyport-session', '__Host-sallyport-session'])

export interface GuardedSession {
  readonly session: Session
  lockTo(address: HostAddress | undefined): void
  readCookie(origin: string): Promise<string | undefined>
  setCookie(origin: string, cookie: SessionCookie | undefined): Promise<void>
}

/**
 * The one session that all windows use: in memory only (nothing of it is written by Chromium), and able to load from the configured host and the app itself,
 * nothing else. No permission is given but writing text to the clipboard.
 */
export function guardSession(onCookie: (present: boolean) => void): GuardedSession {
  const guarded = session.fromPartition('sallyport', { cache: false })
  let allowed: string | undefined
  const mayAsk = (permission: string, url: string): boolean =>
    permission === 'clipboard-sanitized-write' && allowed !== undefined && URL.canParse(url) && new URL(url).origin === allowed
  guarded.setPermissionRequestHandler((_contents, permission, callback, details) => callback(mayAsk(permission, details.requestingUrl)))
  guarded.setPermissionCheckHandler((_contents, permission, requestingOrigin) => mayAsk(permission, requestingOrigin))
  guarded.setDevicePermissionHandler(() => false)
  guarded.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url, allowed) }))
  guarded.on('will-download', (event, item) => {
    if (!mayLoad(item.getURL().replace(/^blob:/, ''), allowed)) event.preventDefault()
  })
  guarded.cookies.on('changed', (_event, cookie, cause, removed) => {
    // Overwriting tells of a removal first; what counts is what stands afterwards.
    if (COOKIES.has(cookie.name) && cause !== 'overwrite') onCookie(!removed)
  })
  return {
    session: guarded,
    lockTo(address) {
      allowed = address?.origin
      const expected = address === undefined ? undefined : { hostname: new URL(address.origin).hostname, fingerprint: address.fingerprint }
      guarded.setCertificateVerifyProc((request, callback) =>
        callback(VERIFIER_CODES[judgeCertificate(request.hostname, request.certificate.data, expected)]),
      )
    },
    async readCookie(origin) {
      const found = (await guarded.cookies.get({ url: origin })).find(({ name }) => COOKIES.has(name))
      return found === undefined ? undefined : `${found.name}=${found.value}`
    },
    async setCookie(origin, cookie) {
      if (cookie === undefined) {
        for (const name of COOKIES) await guarded.cookies.remove(origin, name)
        return
      }
      const { name, value, secure, maxAgeS } = cookie
      const expirationDate = Math.floor(Date.now() / 1000) + maxAgeS
      await guarded.cookies.set({ url: origin, name, value, path: '/', httpOnly: true, secure, sameSite: 'lax', expirationDate })
    },
  }
}

/** The host's origin, the app's own pages, and what a page of theirs made in memory. */
export function mayLoad(url: string, origin: string | undefined): boolean {
  if (url.startsWith(`${OWN_ORIGIN}/`) || url.startsWith('data:') || url.startsWith('devtools:')) return true
  if (origin === undefined || !URL.canParse(url)) return false
  return new URL(url.replace(/^blob:/, '')).origin === origin
}
