import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiProblem } from './api-problem.ts'

/**
 * What a client is told that speaks plain HTTP to a port for HTTPS. It is not sent on by itself: a token or a cookie that it has already sent in clear text
 * would go unnoticed. Only a browser that opens a page, and so has sent nothing of worth, is.
 */
export function answerPlainHttp(origin: () => string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.resume()
    const { headers, method } = request
    const opensPage = method === 'GET' && headers.authorization === undefined && (headers.accept ?? '').includes('text/html')
    if (opensPage) {
      response.writeHead(308, { location: origin(), connection: 'close', 'content-type': 'text/plain; charset=utf-8' })
      response.end(`This port speaks HTTPS: ${origin()}\n`)
      return
    }
    const problem = new ApiProblem(
      400,
      'https',
      `This port speaks HTTPS: ${origin()}. A token that you sent just now went in clear text: have it replaced.`,
    )
    response.writeHead(400, { connection: 'close', 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    problem
      .toResponse()
      .text()
      .then(
        (text) => response.end(text),
        () => response.destroy(),
      )
  }
}
