/** A SAML identity provider's answers, signed for real, and the ways to forge them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignedXml } from 'xml-crypto'

const tls = join(import.meta.dirname, '../helpers/tls')
export const IDP_KEY = readFileSync(join(tls, 'server.key'), 'utf8')
export const IDP_CERTIFICATE = readFileSync(join(tls, 'server.pem'), 'utf8')
export const OTHER_KEY = readFileSync(join(tls, 'other.key'), 'utf8')
export const IDP = 'https://idp.example/metadata'

export interface AnswerParts {
  readonly requestId: string
  readonly recipient: string
  readonly audience: string
  readonly nameId?: string
  readonly format?: string
  readonly issuer?: string
  readonly groups?: readonly string[]
  readonly email?: string
  /** Of the assertion, relative to now, in ms. */
  readonly from?: number
  readonly until?: number
  readonly id?: string
}

const iso = (offset: number): string => new Date(Date.now() + offset).toISOString()

export function assertion(parts: AnswerParts): string {
  const { from = -5000, until = 120_000, groups = ['dba'], nameId = 'u-17', id = '_assertion1' } = parts
  const format = parts.format ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
  const values = groups.map((group) => `<saml:AttributeValue>${group}</saml:AttributeValue>`).join('')
  const mail = parts.email === undefined ? '' : attribute('mail', `<saml:AttributeValue>${parts.email}</saml:AttributeValue>`)
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${iso(from)}">
<saml:Issuer>${parts.issuer ?? IDP}</saml:Issuer>
<saml:Subject><saml:NameID Format="${format}">${nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="${iso(until)}" Recipient="${parts.recipient}" InResponseTo="${parts.requestId}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="${iso(from)}" NotOnOrAfter="${iso(until)}"><saml:AudienceRestriction><saml:Audience>${parts.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="${iso(from)}"/>
<saml:AttributeStatement>${attribute('name', '<saml:AttributeValue>Ada Approver</saml:AttributeValue>')}${attribute('groups', values)}${mail}</saml:AttributeStatement>
</saml:Assertion>`
}

const attribute = (name: string, values: string): string => `<saml:Attribute Name="${name}">${values}</saml:Attribute>`

/** Signs the element with this id, where it stands. */
export function signElement(xml: string, id: string, key = IDP_KEY): string {
  const signed = new SignedXml({
    privateKey: key,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signed.addReference({
    xpath: `//*[@ID='${id}']`,
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  })
  signed.computeSignature(xml, { location: { reference: `//*[@ID='${id}']/*[local-name()='Issuer']`, action: 'after' } })
  return signed.getSignedXml()
}

/** The response around assertions, not yet encoded. */
export function response(inner: string, { requestId, recipient }: Pick<AnswerParts, 'requestId' | 'recipient'>): string {
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response1" Version="2.0" IssueInstant="${iso(0)}" Destination="${recipient}" InResponseTo="${requestId}">
<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${IDP}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
${inner}</samlp:Response>`
}

export const encoded = (xml: string): string => Buffer.from(xml).toString('base64')

/** A good answer; `key` for one that somebody else signed. */
export function answer(parts: AnswerParts, key = IDP_KEY): string {
  return encoded(response(signElement(assertion(parts), parts.id ?? '_assertion1', key), parts))
}
