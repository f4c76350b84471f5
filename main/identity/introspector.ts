import * as client from 'openid-client'
import type { ProviderConfig } from '../config.ts'
import type { Claims } from './claims.ts'
import type { OidcClient } from './oidc-client.ts'
import { TokenCache } from './token-cache.ts'
import { providerUnavailable, tokenRefusals } from './token-refusals.ts'

/** An answer is believed for so long at most. */
export const INTROSPECTION_MAX_AGE_MS = 30_000
const REMEMBERED = 10_000
/** For a token whose provider does not say when it ends: it is asked about again all the time. */
const NO_EXPIRY_MS = 12 * 60 * 60_000

interface Answer {
  readonly at: number
  /** Undefined: not active. */
  readonly claims: Promise<Claims | undefined>
}

/** Asks one provider about tokens (RFC 7662). */
export class Introspector {
  readonly provider: ProviderConfig
  readonly #oidc: Pick<OidcClient, 'configuration'>
  readonly #answers = new Map<string, Answer>()

  constructor(provider: ProviderConfig, oidc: Pick<OidcClient, 'configuration'>) {
    this.provider = provider
    this.#oidc = oidc
  }

  /**
   * The token's claims as the provider tells them, at most 30 s old; undefined when it is not active. Throws `upstream-unavailable` when the provider
   * cannot be asked, `token-invalid` when the token is for somebody else.
   */
  async claimsOf(token: string, now: number): Promise<Claims | undefined> {
    const key = TokenCache.keyOf(token)
    let answer = this.#answers.get(key)
    if (answer === undefined || now - answer.at >= INTROSPECTION_MAX_AGE_MS) {
      answer = { at: now, claims: this.#ask(token, now) }
      this.#answers.delete(key)
      this.#answers.set(key, answer)
      if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value ?? '')
    }
    try {
      return await answer.claims
    } catch (error) {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
      throw error
    }
  }

  async #ask(token: string, now: number): Promise<Claims | undefined> {
    let told: Claims
    let server: client.Configuration
    try {
      server = await this.#oidc.configuration(now)
      told = await client.tokenIntrospection(server, token)
    } catch (cause) {
      throw providerUnavailable(this.provider.name, cause)
    }
    if (told['active'] !== true) return undefined
    // A refresh token is none that is given to databases.
    if (told['token_type'] === 'refresh_token') return undefined
    if (told['iss'] !== undefined && told['iss'] !== this.provider.issuer) throw tokenRefusals.issuer(told['iss'])
    const { aud } = told
    const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
    if (!audiences.includes(this.provider.audience)) throw tokenRefusals.audience(aud, this.provider.audience)
    if (told['cnf'] !== undefined) throw tokenRefusals.bound()
    // Of a token by client credentials providers need not tell a subject: it is the program itself.
    const own = told['sub'] === undefined && told['username'] === undefined ? { sub: told['client_id'] } : {}
    return { exp: Math.floor((now + NO_EXPIRY_MS) / 1000), ...own, ...(await this.#withGroups(server, token, told)) }
  }

  /** A person's token may tell its groups at the userinfo endpoint only. */
  async #withGroups(server: client.Configuration, token: string, told: Claims): Promise<Claims> {
    const { groups } = this.provider.claims
    const scopes = typeof told['scope'] === 'string' ? told['scope'].split(' ') : []
    const complete = Object.hasOwn(told, groups) || Object.hasOwn(told, groups.split('.')[0] ?? groups)
    const { sub } = told
    if (complete || typeof sub !== 'string' || !scopes.includes('openid') || server.serverMetadata().userinfo_endpoint === undefined)
      return told
    try {
      return { ...(await client.fetchUserInfo(server, token, sub)), ...told }
    } catch (cause) {
      throw providerUnavailable(this.provider.name, cause)
    }
  }
}
