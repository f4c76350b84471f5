import type { Problem } from '../contract/problem.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Not understood',
  401: 'Sign in first',
  403: 'Not yours to do',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not in this form',
  421: 'Another host',
  429: 'Too many requests',
  500: 'Something went wrong',
  422: 'Not without more ado',
  501: 'Not yet',
  503: 'Not available now',
}

/** An answer other than the one asked for, thrown where it is found and worded as RFC 9457. Texts are for people. */
export class ApiProblem extends Error {
  readonly status: number
  readonly kind: string
  readonly errors: Problem['errors']
  readonly #headers: Readonly<Record<string, string>>

  constructor(status: number, kind: string, detail: string, errors?: Problem['errors'], headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.name = 'ApiProblem'
    this.status = status
    this.kind = kind
    this.errors = errors
    this.#headers = headers
  }

  toResponse(): Response {
    const problem: Problem = {
      type: `urn:sallyport:problem:${this.kind}`,
      title: TITLES[this.status] ?? 'It did not work',
      status: this.status,
      detail: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    }
    const headers: Record<string, string> = { ...this.#headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
    if (this.status === 401) headers['www-authenticate'] = 'Bearer'
    return new Response(JSON.stringify(problem), { status: this.status, headers })
  }
}
