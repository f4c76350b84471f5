import type { MiddlewareHandler } from 'hono'

const addresses = new WeakMap<Request, string>()

/** What @hono/node-server gives each request besides; nothing where an application is called without a socket, as in tests. */
interface SocketBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } }
}

/** Remembers from which address each request came. Headers like X-Forwarded-For are not believed: whoever sends them chooses them. */
export function noticeAddress(): MiddlewareHandler {
  return async (c, next) => {
    const { incoming } = (c.env ?? {}) as SocketBindings
    addresses.set(c.req.raw, plain(incoming?.socket?.remoteAddress ?? ''))
    await next()
  }
}

/** Of the client as the host saw it; empty when it is not known. */
export function addressOf(request: Request): string {
  return addresses.get(request) ?? ''
}

/** An IPv4 address that came over a socket for both is written as one (RFC 4291 section 2.5.5.2). */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
