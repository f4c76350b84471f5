import * as client from 'openid-client'
import type { ProviderConfig } from '../config.ts'

const TIMEOUT_S = 10
/** Discovery is done anew after this, so that changed endpoints are found. */
const MAX_AGE_MS = 60 * 60_000

/** One provider as people sign in there. Discovery is done when first needed; a failure is not kept. */
export class OidcClient {
  readonly provider: ProviderConfig
  #found: { readonly at: number; readonly configuration: Promise<client.Configuration> } | undefined

  constructor(provider: ProviderConfig) {
    this.provider = provider
  }

  /** Throws what `openid-client` says when the provider cannot be asked. */
  async configuration(now: number): Promise<client.Configuration> {
    if (this.#found === undefined || now - this.#found.at >= MAX_AGE_MS) this.#found = { at: now, configuration: this.#discover() }
    const found = this.#found
    try {
      return await found.configuration
    } catch (error) {
      if (this.#found === found) this.#found = undefined
      throw error
    }
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider
    const url = new URL(issuer)
    const checks = [client.enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : [])]
    const secret = clientSecret?.reveal()
    const first = await client.discovery(
      url,
      clientId,
      undefined,
      secret === undefined ? client.None() : client.ClientSecretBasic(secret),
      {
        execute: checks,
        timeout: TIMEOUT_S,
      },
    )
    const methods = first.serverMetadata().token_endpoint_auth_methods_supported
    if (secret === undefined || methods === undefined || methods.includes('client_secret_basic')) return first
    const posting = new client.Configuration(first.serverMetadata(), clientId, undefined, client.ClientSecretPost(secret))
    posting.timeout = TIMEOUT_S
    for (const check of checks) check(posting)
    return posting
  }
}
