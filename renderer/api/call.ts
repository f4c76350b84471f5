import type { z } from 'zod'
import { type Calls, calls, type Problem, problemSchema } from '../../main/contract/index.ts'

/** A call that did not succeed. `message` is for people to read as it stands. */
export class CallFailed extends Error {
  /** HTTP status; 0 when the host did not answer. */
  readonly status: number
  readonly problem: Problem | undefined

  constructor(status: number, message: string, problem?: Problem) {
    super(message)
    this.name = 'CallFailed'
    this.status = status
    this.problem = problem
  }
}

type Input<Name extends keyof Calls> = {
  readonly params?: z.input<Calls[Name]['params']>
  readonly query?: z.input<Calls[Name]['query']>
  readonly signal?: AbortSignal | undefined
} & (Calls[Name]['body'] extends z.ZodType ? { readonly body: z.input<Calls[Name]['body']> } : unknown)

let csrf: { readonly header: string; readonly token: string } | null = null

/** What `GET /api/me` said to send with every call that changes something. */
export function sendWithChanges(next: typeof csrf): void {
  csrf = next
}

/** The header without which the host takes no change from a page. */
export const changeHeaders = (): Record<string, string> => (csrf ? { [csrf.header]: csrf.token } : {})

/** One call of the API, by its name in the contract; the reply is validated where it enters. Throws `CallFailed`. */
export async function call<Name extends keyof Calls>(name: Name, input: Input<Name>): Promise<z.output<Calls[Name]['response']>> {
  const { method, path, response } = calls[name]
  const body = 'body' in input ? JSON.stringify(input.body) : undefined
  const reply = await send(fill(path, input.params) + searchOf(input.query), {
    method: method.toUpperCase(),
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'get' ? {} : changeHeaders()),
    },
    ...(body === undefined ? {} : { body }),
    ...(input.signal ? { signal: input.signal } : {}),
  })
  const json: unknown = await reply.json().catch(() => undefined)
  if (!reply.ok) throw failure(reply.status, json)
  const schema: z.ZodType = response
  const parsed = schema.safeParse(json)
  if (!parsed.success)
    throw new CallFailed(reply.status, 'The host answered in words this page does not know. It may have been updated: reload the page.')
  return parsed.data as z.output<Calls[Name]['response']>
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallFailed(0, 'The host does not answer. It may be restarting, or the network is down.')
  }
}

function failure(status: number, json: unknown): CallFailed {
  const problem = problemSchema.safeParse(json)
  if (problem.success) return new CallFailed(status, problem.data.detail || problem.data.title, problem.data)
  return new CallFailed(status, `The host answered ${status} and did not say why.`)
}

function fill(path: string, params: object | undefined): string {
  const values = new Map<string, unknown>(Object.entries(params ?? {}))
  return path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(values.get(key))))
}

function searchOf(query: object | undefined): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') search.set(key, String(value))
  return search.size > 0 ? `?${search}` : ''
}
