import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TokenRelay {
  readonly url: string
  stop(): Promise<void>
}

/** Puts a token on every request, for clients that cannot carry one. All else passes as it is, a foreign Host and Origin too. */
export async function startTokenRelay(web: string, token: string): Promise<TokenRelay> {
  const target = new URL(web)
  const server = http.createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` }
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`
    if (headers.host === own || headers.host === own.replace('127.0.0.1', 'localhost')) headers.host = target.host
    if (headers.origin?.endsWith(own)) headers.origin = target.origin
    const onward = http.request(
      { host: target.hostname, port: target.port, path: request.url, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
