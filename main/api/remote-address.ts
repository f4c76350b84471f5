import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'

const addresses = new WeakMap<Request, string>()

/** What @hono/node-server gives each request besides; nothing where an application is called without a socket, as in tests. */
interface SocketBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } }
}

/**
 * Remembers from which address each request came. X-Forwarded-For is believed of trusted proxies only, and of it only the last address that none of them
 * has: whatever stands before was chosen by whoever sent it.
 */
export function noticeAddress(trusted: () => readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const { incoming } = (c.env ?? {}) as SocketBindings
    const peer = plain(incoming?.socket?.remoteAddress ?? '')
    addresses.set(c.req.raw, trusted().includes(peer) ? forwardedFor(c.req.header('x-forwarded-for'), peer, trusted()) : peer)
    await next()
  }
}

function forwardedFor(header: string | undefined, peer: string, trusted: readonly string[]): string {
  const hops = (header ?? '').split(',').map((hop) => plain(hop.trim()))
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return peer
    if (!trusted.includes(hop)) return hop
  }
  return peer
}

/** Of the client as the host saw it; empty when it is not known. */
export function addressOf(request: Request): string {
  return addresses.get(request) ?? ''
}

/** An IPv4 address that came over a socket for both is written as one (RFC 4291 section 2.5.5.2). */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
