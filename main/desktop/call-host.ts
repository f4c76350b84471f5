import type { z } from 'zod'
import { type Calls, calls } from '../contract/calls.ts'
import { problemSchema } from '../contract/problem.ts'
import { type AskHost, readText } from './ask-host.ts'

/** The host said no. `message` is for people to read as it stands. */
export class HostRefused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'HostRefused'
    this.status = status
  }
}

type Input<Name extends keyof Calls> = {
  readonly params?: z.input<Calls[Name]['params']>
  readonly query?: z.input<Calls[Name]['query']>
} & (Calls[Name]['body'] extends z.ZodType ? { readonly body: z.input<Calls[Name]['body']> } : unknown)

/** Whose session the calls are made with. */
export interface Credentials {
  /** `name=value` of the session's cookie; undefined while nobody is signed in. */
  cookie(): Promise<string | undefined>
  /** What `GET /api/me` said to send with changes. */
  csrf: { readonly header: string; readonly token: string } | null
}

/** One call of the API by its name in the contract, its reply validated where it enters. Rejects with `HostRefused`, or `HostUnreachable` when there is no answer. */
export async function callHost<Name extends keyof Calls>(
  ask: AskHost,
  origin: string,
  credentials: Credentials,
  name: Name,
  input: Input<Name>,
): Promise<z.output<Calls[Name]['response']>> {
  const { method, path, response } = calls[name]
  const body = 'body' in input ? JSON.stringify(input.body) : undefined
  const cookie = await credentials.cookie()
  const { csrf } = credentials
  const reply = await ask(fill(path, input.params) + searchOf(input.query), {
    method: method.toUpperCase(),
    headers: {
      accept: 'application/json',
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'get' ? {} : { origin, ...(csrf === null ? {} : { [csrf.header]: csrf.token }) }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const json = parse(await readText(reply.body))
  if (reply.status < 200 || reply.status > 299) {
    const problem = problemSchema.safeParse(json)
    const words = problem.success ? problem.data.detail || problem.data.title : `The host answered ${reply.status} and did not say why.`
    throw new HostRefused(reply.status, words)
  }
  const schema: z.ZodType = response
  const parsed = schema.safeParse(json)
  if (!parsed.success)
    throw new HostRefused(reply.status, 'The host answers in words this app does not know. One of them has to be updated.')
  return parsed.data as z.output<Calls[Name]['response']>
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
