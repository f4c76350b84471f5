import type { MiddlewareHandler } from 'hono'
import { BACK_CHANNEL_PATH } from '../identity/back-channel-logout.ts'
import { CALLBACK_PATH, SIGN_IN_PATH } from '../identity/sign-in.ts'
import type { RateLimits } from './rate-limits.ts'
import { addressOf } from './remote-address.ts'

const SIGN_INS = new Set([SIGN_IN_PATH, CALLBACK_PATH, '/api/sign-in/set-up-code'])

/** Limits by address, before anything else is done for a request. Where no socket is (an application called directly), there is none. */
export function limitRequests(limits: RateLimits): MiddlewareHandler {
  return async (c, next) => {
    const address = addressOf(c.req.raw)
    if (address === '') return next()
    limits.take('address', address)
    const { pathname } = new URL(c.req.url)
    // A provider tells of all its people from one address, and a logout that is lost is not sent again.
    if (pathname !== BACK_CHANNEL_PATH && (SIGN_INS.has(pathname) || pathname.startsWith('/auth/'))) limits.take('signIn', address)
    const tried = c.req.header('authorization') !== undefined
    if (tried) limits.ask('badToken', address)
    await next()
    if (tried && c.res.status === 401) limits.take('badToken', address)
  }
}
