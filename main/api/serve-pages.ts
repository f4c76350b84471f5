import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiContext } from './api-context.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sallyport</title>
<h1>The pages are not built yet</h1>
<p>The host runs, and its API answers. Run <code>npm run build</code> in the project’s folder, then load this page again.</p></html>`

/** The built pages: files with a hash in their name for ever, index.html never kept, and any other address is the page’s own to show. */
export function servePages(app: OpenAPIHono, { pagesDirectory, origin }: ApiContext): void {
  app.get('*', async (c) => {
    const url = new URL(c.req.url)
    const home = new URL(origin())
    if (c.req.header('sec-fetch-dest') === 'document' && c.req.header('host') !== home.host) {
      // Another of our names: sign-in and its cookie belong to one.
      return c.redirect(`${home.origin}${url.pathname}${url.search}`, 307)
    }
    const file = extname(url.pathname) === '' ? undefined : await readPage(pagesDirectory, decodePath(url.pathname))
    if (file !== undefined) {
      const hashed = url.pathname.startsWith('/assets/')
      return new Response(new Uint8Array(file), {
        headers: {
          'content-type': TYPES[extname(url.pathname)] ?? 'application/octet-stream',
          'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        },
      })
    }
    if (extname(url.pathname) !== '') return c.text('There is no such file.', 404)
    const index = await readPage(pagesDirectory, '/index.html')
    const headers = { 'content-type': TYPES['.html'] ?? '', 'cache-control': 'no-store' }
    if (index === undefined) return new Response(NOT_BUILT, { status: 503, headers })
    return new Response(new Uint8Array(index), { headers })
  })
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return '/'
  }
}

async function readPage(directory: string, path: string): Promise<Buffer | undefined> {
  const full = normalize(join(directory, path))
  if (!full.startsWith(normalize(directory) + sep) || path.includes('\0')) return undefined
  try {
    return await readFile(full)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw cause
  }
}
