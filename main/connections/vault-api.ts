import http from 'node:http'
import https from 'node:https'
import { z } from 'zod'
import type { LeaseConfig } from '../config.ts'

/** What HashiCorp Vault said instead of what was asked for. The text is for people; no token is in it. */
export class VaultApiError extends Error {
  override readonly name = 'VaultApiError'
  /** Undefined: it did not answer. */
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 256 * 1024

const authSchema = z.object({ auth: z.object({ client_token: z.string().min(1), lease_duration: z.number().nonnegative() }) })
const leaseSchema = z.object({
  lease_id: z.string(),
  lease_duration: z.number().positive(),
  renewable: z.boolean(),
})
const credentialSchema = leaseSchema.extend({ data: z.object({ username: z.string().min(1), password: z.string().min(1) }) })
const errorsSchema = z.object({ errors: z.array(z.string()) })

export interface VaultLease {
  readonly id: string
  readonly seconds: number
  readonly renewable: boolean
}

export interface VaultCredential extends VaultLease {
  readonly user: string
  readonly password: string
}

/** The calls of HashiCorp Vault's HTTP API that leased users need: `auth/approle/login`, `<mount>/creds/<role>`, `sys/leases/renew` and `revoke`. */
export interface VaultApi {
  /** A token by AppRole (or the configured one), and for how many seconds it is good; 0: no end that is known. */
  signIn(): Promise<{ readonly token: string; readonly seconds: number }>
  lease(token: string): Promise<VaultCredential>
  renew(token: string, id: string): Promise<VaultLease>
  revoke(token: string, id: string): Promise<void>
}

export function createVaultApi(config: LeaseConfig): VaultApi {
  const call = (method: 'GET' | 'POST' | 'PUT', path: string, token: string | undefined, body?: unknown) =>
    send(config, method, `${config.address}/v1/${path}`, token, body)
  return {
    async signIn() {
      const { approle, token } = config
      if (approle === undefined) return { token: token?.reveal() ?? '', seconds: 0 }
      const body = { role_id: approle.roleId, secret_id: approle.secretId.reveal() }
      const { auth } = read(authSchema, await call('POST', `auth/${approle.mount}/login`, undefined, body))
      return { token: auth.client_token, seconds: auth.lease_duration }
    },
    async lease(token) {
      const found = read(credentialSchema, await call('GET', `${config.mount}/creds/${config.role}`, token))
      return {
        id: found.lease_id,
        seconds: found.lease_duration,
        renewable: found.renewable,
        user: found.data.username,
        password: found.data.password,
      }
    },
    async renew(token, id) {
      const found = read(leaseSchema, await call('PUT', 'sys/leases/renew', token, { lease_id: id }))
      return { id: found.lease_id, seconds: found.lease_duration, renewable: found.renewable }
    },
    async revoke(token, id) {
      await call('PUT', 'sys/leases/revoke', token, { lease_id: id })
    },
  }
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw new VaultApiError('Vault answered in a way that is not known here')
}

/** One request; JSON both ways. Rejects with `VaultApiError`. Redirects are not followed: the token would go along. */
function send(config: LeaseConfig, method: string, url: string, token: string | undefined, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      'x-vault-request': 'true',
      ...(token === undefined ? {} : { 'x-vault-token': token }),
      ...(config.namespace === undefined ? {} : { 'x-vault-namespace': config.namespace }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    }
    const secure = url.startsWith('https:')
    const request = (secure ? https : http).request(url, {
      method,
      headers,
      agent: false,
      timeout: TIMEOUT_MS,
      ...(secure && config.ca !== undefined ? { ca: config.ca } : {}),
    })
    const fail = (error: Error & { readonly code?: string }) =>
      reject(error instanceof VaultApiError ? error : new VaultApiError(`Vault cannot be reached (${error.code ?? error.message})`))
    request.on('error', fail)
    request.on('timeout', () => request.destroy(new VaultApiError('Vault did not answer in time')))
    request.on('response', (response) => {
      const parts: Buffer[] = []
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > MAX_BYTES) request.destroy(new VaultApiError('Vault’s answer is too long'))
        else parts.push(part)
      })
      response.on('error', fail)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const answer = parseJson(Buffer.concat(parts).toString('utf8'))
        if (status >= 200 && status < 300) resolve(answer)
        else reject(new VaultApiError(`Vault answered ${status}${wordsOf(answer)}`, status))
      })
    })
    request.end(text)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wordsOf(answer: unknown): string {
  const first = errorsSchema.safeParse(answer).data?.errors[0]
  return first === undefined ? '' : `: ${first.replaceAll(/\s+/g, ' ').trim().slice(0, 200)}`
}
