import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { guardedLookup, refuseAddress } from './refuse-addresses.ts'

const TIMEOUT_MS = 10_000

/** What a receiver said that will not be otherwise next time: the notice is given up. */
export class NoticeRefused extends Error {}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** PEM. */
  readonly ca: string | undefined
}

/** Statuses that say that the address or the credential is wrong. */
const FOR_GOOD = new Set([400, 401, 403, 404, 405, 410])

/** Resolves once the receiver has answered 2xx. Redirects are not followed. Rejects with words for people, without the address. */
export function postNotice({ url, headers, body, ca }: Post): Promise<void> {
  return new Promise((resolve, reject) => {
    const target = new URL(url)
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const refusal = isIP(host) === 0 ? undefined : refuseAddress(host, host)
    if (refusal !== undefined) {
      reject(new NoticeRefused(refusal))
      return
    }
    const bytes = Buffer.from(body)
    const request = (target.protocol === 'https:' ? https : http).request(
      target,
      {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': bytes.length, 'user-agent': 'Sallyport' },
        timeout: TIMEOUT_MS,
        lookup: guardedLookup(host),
        agent: false,
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        response.resume()
        const { statusCode = 0 } = response
        response.on('error', reject)
        response.on('end', () => {
          if (statusCode >= 200 && statusCode < 300) resolve()
          else if (FOR_GOOD.has(statusCode)) reject(new NoticeRefused(`the receiver answered ${statusCode}`))
          else reject(new Error(`the receiver answered ${statusCode}`))
        })
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    request.on('error', reject)
    request.end(bytes)
  })
}
