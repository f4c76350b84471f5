import http from 'node:http'
import https from 'node:https'
import type { SiemSink, SiemTarget } from './sink.ts'

const TIMEOUT_MS = 20_000

/** Posts events as JSON Lines. A status of 2xx is the receiver's word that it has them. */
export function createHttpsSink({ url, token, ca }: SiemTarget & { to: 'https' }): SiemSink {
  const secure = url.startsWith('https:')
  const agent = secure ? new https.Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) }) : new http.Agent({ keepAlive: true })
  return {
    send: (events) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
        const headers = {
          'content-type': 'application/x-ndjson',
          'content-length': body.length,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        }
        const request = (secure ? https : http).request(url, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (response) => {
          response.resume()
          const { statusCode = 0 } = response
          response.on('end', () => {
            if (statusCode >= 200 && statusCode < 300) resolve()
            else reject(new Error(`the receiver answered ${statusCode}`))
          })
          response.on('error', reject)
        })
        request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
        request.on('error', reject)
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}
