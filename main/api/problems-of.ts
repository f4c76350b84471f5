import { problemSchema } from '../contract/problem.ts'
import type { Access } from './access.ts'

const DESCRIPTIONS = {
  400: 'Not understood: `errors` says which fields were wrong.',
  401: 'Nobody signed in, or the token is not good.',
  403: 'Not for this caller, or a change that did not come from our own page.',
  404: 'There is none of that name or number.',
  409: 'It changed meanwhile, or is not possible as things stand.',
  413: 'The body is over 2 MiB.',
  415: 'The body is not JSON.',
  429: 'Too many requests; Retry-After says in how many seconds to come back.',
  503: 'The record cannot be written, or a database or provider does not answer.',
} as const

/** The problems that a call can answer with, for the OpenAPI document. */
export function problemsOf(call: { readonly method: string; readonly path: string; readonly body: unknown }, access: Access) {
  const statuses: (keyof typeof DESCRIPTIONS)[] = [400, 429, 503]
  if (access !== 'anyone') statuses.push(401, 403)
  if (call.path.includes('{')) statuses.push(404)
  if (call.method !== 'get') statuses.push(409)
  if (call.body !== undefined) statuses.push(413, 415)
  return Object.fromEntries(
    [...statuses.sort(), 'default' as const].map((status) => [
      status,
      {
        description: status === 'default' ? 'A problem (RFC 9457).' : DESCRIPTIONS[status],
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}
