import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol, type Session } from 'electron'
import { OWN_ORIGIN } from '../judge-sender.ts'
import { OWN_CSP } from '../own-pages-policy.ts'

const SCHEME = new URL(OWN_ORIGIN).protocol.slice(0, -1)
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Before the app is ready: a scheme of our own instead of file:, which may read the whole disk. */
export function declareOwnPages(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false } },
  ])
}

/** Serves the app's own pages (first start, settings) out of `directory`, and nothing outside it. */
export function serveOwnPages(session: Session, directory: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const { pathname, host } = new URL(request.url)
    const file = normalize(join(directory, pathname === '/' ? 'index.html' : pathname))
    const type = TYPES[extname(file)]
    if (request.method !== 'GET' || host !== 'desktop' || type === undefined || !file.startsWith(normalize(directory) + sep))
      return new Response('There is no such page.', { status: 404 })
    try {
      return new Response(new Uint8Array(await readFile(file)), {
        headers: { 'content-type': type, 'content-security-policy': OWN_CSP, 'x-content-type-options': 'nosniff' },
      })
    } catch {
      return new Response('There is no such page.', { status: 404 })
    }
  })
}
