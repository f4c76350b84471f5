import { randomBytes } from 'node:crypto'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import type { SamlProviderConfig } from '../config.ts'
import { groupsOf } from './claims.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

const SKEW_MS = 30_000
/** A subject that is another one at each sign-in would be nobody. */
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

/** Where our side is, as the provider has to know it. */
export interface ServiceAddresses {
  /** Assertion consumer service, HTTP-POST. */
  readonly answer: string
  /** Of our metadata; our entity id, unless the configuration gives one. */
  readonly metadata: string
}

/** One SAML 2.0 provider as people sign in there (Web Browser SSO profile, HTTP-Redirect out, HTTP-POST back). */
export class SamlClient {
  readonly provider: SamlProviderConfig
  readonly #addresses: () => ServiceAddresses

  constructor(provider: SamlProviderConfig, addresses: () => ServiceAddresses) {
    this.provider = provider
    this.#addresses = addresses
  }

  /** The request's id and the address to send the browser to. `fresh`: the provider has to ask for the password again. */
  async begin(state: string, fresh: boolean): Promise<{ readonly requestId: string; readonly url: string }> {
    // An XML id begins with a letter or an underscore.
    const requestId = `_${randomBytes(20).toString('hex')}`
    const url = await this.#saml(requestId, fresh).getAuthorizeUrlAsync(state, undefined, {})
    return { requestId, url }
  }

  /**
   * Whom a response to this request proves. Throws when it is not signed by the provider, not for us, not the answer to `requestId`, too old, or
   * names nobody who stays the same. `fresh` as in `begin`.
   */
  async prove(response: string, requestId: string, now: number): Promise<VerifiedIdentity> {
    // No provider needs one, and entities live there.
    if (/<!DOCTYPE/i.test(Buffer.from(response, 'base64').toString('utf8'))) throw new Error('the response declares a document type')
    const { profile } = await this.#saml(requestId, false).validatePostResponseAsync({ SAMLResponse: response })
    if (profile === null) throw new Error('the response holds no assertion')
    if (profile.issuer !== this.provider.entityId) throw new Error('the assertion is of another issuer')
    const assertion = assertionOf(profile)
    this.#checkConfirmation(assertion, requestId, now)
    const { nameID: subject, nameIDFormat } = profile
    if (typeof subject !== 'string' || subject === '' || subject.length > 1000) throw new Error('the assertion names nobody')
    if (nameIDFormat === TRANSIENT) throw new Error('the name id is transient: the provider must send a persistent one')
    return this.#identity(profile, subject, authTimeOf(assertion), now)
  }

  metadata(): string {
    return this.#saml('_metadata', false).generateServiceProviderMetadata(null, null)
  }

  #identity(profile: Profile, subject: string, authTime: number | undefined, now: number): VerifiedIdentity {
    const { entityId: issuer, claims } = this.provider
    const attributes = (profile['attributes'] ?? {}) as Readonly<Record<string, unknown>>
    const name = groupsOf(attributes, claims.name)[0] ?? subject
    const email = claims.email === undefined ? undefined : groupsOf(attributes, claims.email)[0]?.trim().toLowerCase()
    return Object.freeze({
      issuer,
      subject,
      name: name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 200) || subject,
      groups: Object.freeze(groupsOf(attributes, claims.groups)),
      kind: 'person',
      client: undefined,
      expiresAt: now,
      authTime,
      verifiedEmail: email !== undefined && /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined,
    })
  }

  /** SAML 2.0 Profiles section 4.1.4.3: for this place, in answer to this request, and not too late. */
  #checkConfirmation(assertion: Element, requestId: string, now: number): void {
    const { answer } = this.#addresses()
    const confirmations = childrenOf(childrenOf(assertion, 'Subject')[0], 'SubjectConfirmation')
    const good = confirmations.some((confirmation) => {
      const data = attributesOf(childrenOf(confirmation, 'SubjectConfirmationData')[0])
      const until = Date.parse(data['NotOnOrAfter'] ?? '')
      return (
        attributesOf(confirmation)['Method'] === BEARER &&
        data['Recipient'] === answer &&
        data['InResponseTo'] === requestId &&
        now < until + SKEW_MS
      )
    })
    if (!good) throw new Error('the assertion does not confirm its subject for this place and this request')
  }

  /** One for each request: it knows no other request's id. */
  #saml(requestId: string, fresh: boolean): SAML {
    const { entryPoint, certificates, audience, entityId } = this.provider
    const { answer, metadata } = this.#addresses()
    const ours = audience ?? metadata
    return new SAML({
      callbackUrl: answer,
      entryPoint,
      issuer: ours,
      audience: ours,
      idpIssuer: entityId,
      idpCert: [...certificates],
      // The assertion itself; whether the response around it is signed too is the provider's affair.
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      identifierFormat: null,
      disableRequestedAuthnContext: true,
      forceAuthn: fresh,
      acceptedClockSkewMs: SKEW_MS,
      validateInResponseTo: ValidateInResponseTo.always,
      generateUniqueId: () => requestId,
      cacheProvider: {
        saveAsync: async (key, value) => ({ value, createdAt: Date.now(), key }),
        getAsync: async (key) => (key === requestId ? new Date().toISOString() : null),
        removeAsync: async (key) => key,
      },
    })
  }
}

/** An element as `node-saml` parses it. */
type Element = Readonly<Record<string, unknown>>

function assertionOf(profile: Profile): Element {
  const tree = profile.getAssertion?.()
  const assertion = tree?.['Assertion']
  if (assertion === null || typeof assertion !== 'object') throw new Error('the response holds no assertion')
  return assertion as Element
}

function childrenOf(element: Element | undefined, name: string): Element[] {
  const children = element?.[name]
  return Array.isArray(children) ? children.filter((child): child is Element => child !== null && typeof child === 'object') : []
}

function attributesOf(element: Element | undefined): Readonly<Record<string, string | undefined>> {
  const attributes = element?.['$']
  return attributes !== null && typeof attributes === 'object' ? (attributes as Record<string, string>) : {}
}

/** When the person proved who they are (`AuthnInstant`), in ms. */
function authTimeOf(assertion: Element): number | undefined {
  const instant = Date.parse(attributesOf(childrenOf(assertion, 'AuthnStatement')[0])['AuthnInstant'] ?? '')
  return Number.isNaN(instant) ? undefined : instant
}
