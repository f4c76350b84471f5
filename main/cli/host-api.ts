import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import type { z } from 'zod'
import { isLoopback } from '../config/units.ts'
import { type Calls, calls } from '../contract/calls.ts'
import { problemSchema } from '../contract/problem.ts'
import { type OptionValues, type Terminal, textOption, UsageError } from './command.ts'

/** A host said no. The message is for people. */
export class HostApiError extends Error {
  override readonly name = 'HostApiError'
  readonly status: number
  readonly errors: readonly { readonly at: string; readonly message: string }[]

  constructor(status: number, message: string, errors: HostApiError['errors'] = []) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

export const HOST_OPTIONS = { url: { type: 'string' }, token: { type: 'string' }, ca: { type: 'string' } } as const

export const HOST_HELP = `  --url URL      the host, https (http only on this machine)
  --token TOKEN  an access token of an admin; or in SALLYPORT_TOKEN, which other users of this machine cannot see
  --ca FILE      the certificate (PEM) of the host or its authority, where the system's are not enough`

export interface HostApi {
  /** Throws `HostApiError` for what the host refuses, and where what it answers is not of this contract. */
  call<K extends keyof Calls>(
    name: K,
    body?: Calls[K]['body'] extends z.ZodType ? z.input<Calls[K]['body']> : undefined,
  ): Promise<z.output<Calls[K]['response']>>
}

/** A running host, as options and environment name it. */
export function hostApi(values: OptionValues, terminal: Pick<Terminal, 'env'>): HostApi {
  const url = textOption(values, 'url')
  if (!URL.canParse(url)) throw new UsageError(`--url is no URL: ${url}`)
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    throw new UsageError('--url is not https: the token would travel in clear text')
  }
  const token = values['token'] ?? terminal.env['SALLYPORT_TOKEN']
  if (typeof token !== 'string' || token === '') throw new UsageError('--token is missing (or SALLYPORT_TOKEN)')
  if (typeof values['ca'] === 'string') {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(values['ca'], 'utf8')])
  }
  return {
    async call(name, body) {
      const { method, path, response } = calls[name]
      const answer = await fetch(new URL(path, url), {
        method: method.toUpperCase(),
        redirect: 'error',
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause: unknown) => {
        throw new HostApiError(0, `${url} cannot be reached: ${reasonOf(cause)}.`)
      })
      const text = await answer.text()
      const json: unknown = /[/+]json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined
      if (!answer.ok) {
        const problem = problemSchema.safeParse(json).data
        throw new HostApiError(answer.status, problem?.detail ?? `${url} answered ${answer.status}.`, problem?.errors)
      }
      const read = response.safeParse(json)
      // The schema is that of this very call: the compiler cannot follow that through the map.
      if (read.success) return read.data as z.output<Calls[typeof name]['response']>
      throw new HostApiError(
        answer.status,
        `${url} answers in another way than this version knows: is it a Sallyport host of this version?`,
      )
    },
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : inner instanceof Error ? inner.message : cause.message
}
