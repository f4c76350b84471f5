import { describe, expect, it } from 'vitest'
import { SamlClient } from '../../main/identity/saml-client.ts'
import { type AnswerParts, answer, assertion, encoded, IDP, IDP_CERTIFICATE, OTHER_KEY, response, signElement } from './saml-response.ts'

const ADDRESSES = { answer: 'https://host.example/auth/saml', metadata: 'https://host.example/api/sign-in/corp/metadata' }
const saml = new SamlClient(
  {
    name: 'corp',
    entityId: IDP,
    entryPoint: 'https://idp.example/sso',
    certificates: [IDP_CERTIFICATE],
    audience: undefined,
    claims: { name: 'name', groups: 'groups', email: 'mail' },
  },
  () => ADDRESSES,
)
const REQUEST = '_request1'
const parts = (changes: Partial<AnswerParts> = {}): AnswerParts => ({
  requestId: REQUEST,
  recipient: ADDRESSES.answer,
  audience: ADDRESSES.metadata,
  ...changes,
})
const prove = (given: string, requestId = REQUEST) => saml.prove(given, requestId, Date.now())

describe('a SAML answer', () => {
  it('that is signed, for us and to our question tells who, groups, and when they proved it', async () => {
    const who = await prove(answer(parts({ groups: ['dba', 'leads'], email: 'Ada@Corp.example' })))
    expect(who).toMatchObject({
      issuer: IDP,
      subject: 'u-17',
      name: 'Ada Approver',
      groups: ['dba', 'leads'],
      kind: 'person',
      verifiedEmail: 'ada@corp.example',
    })
    expect(Math.abs(Date.now() - (who.authTime ?? 0))).toBeLessThan(30_000)
  })

  it('of one group or none is read too', async () => {
    expect((await prove(answer(parts({ groups: ['dba'] })))).groups).toEqual(['dba'])
    expect((await prove(answer(parts({ groups: [] })))).groups).toEqual([])
  })

  it.each([
    ['for another audience', answer(parts({ audience: 'https://other.example' }))],
    ['of another issuer under the same key', answer(parts({ issuer: 'https://evil.example' }))],
    ['to another question', answer(parts({ requestId: '_request2' }))],
    ['sent to another place', answer(parts({ recipient: 'https://other.example/auth/saml' }))],
    ['that is too old', answer(parts({ from: -600_000, until: -60_000 }))],
    ['that is not valid yet', answer(parts({ from: 300_000, until: 600_000 }))],
    ['of a subject that is new each time', answer(parts({ format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }))],
    ['of nobody', answer(parts({ nameId: '' }))],
    ['signed by somebody else', answer(parts(), OTHER_KEY)],
    ['that is not signed', encoded(response(assertion(parts()), parts()))],
    ['whose response alone is signed', encoded(signElement(response(assertion(parts()), parts()), '_response1'))],
    ['that was changed afterwards', encoded(response(signElement(assertion(parts()), '_assertion1').replace('>u-17<', '>u-18<'), parts()))],
    ['that is no XML', encoded('SAML')],
    ['that is empty', ''],
  ])('%s is refused', async (_what, given) => {
    await expect(prove(given)).rejects.toThrow()
  })

  const evil = assertion(parts({ nameId: 'admin', id: '_evil' }))
  const good = signElement(assertion(parts()), '_assertion1')
  const signature = /<Signature[\s\S]*<\/Signature>/.exec(good)?.[0] ?? ''
  it.each([
    ['a forged assertion before the signed one', response(evil + good, parts())],
    ['a forged assertion behind the signed one', response(good + evil, parts())],
    ['the signed one inside the forged one', response(evil.replace('</saml:Assertion>', `${good}</saml:Assertion>`), parts())],
    [
      'the signed one inside the signature of the forged one',
      response(
        evil.replace('</saml:Issuer>', `</saml:Issuer>${signature.replace('</Signature>', `<Object>${good}</Object></Signature>`)}`),
        parts(),
      ),
    ],
    ['the signed one in an extension', response(`<samlp:Extensions>${good}</samlp:Extensions>${evil}`, parts())],
    ['the same id twice', response(evil.replace('_evil', '_assertion1') + good, parts())],
  ])('with a wrapped signature (%s) never makes somebody else', async (_what, xml) => {
    const who = await prove(encoded(xml)).then(
      (identity) => identity.subject,
      () => 'refused',
    )
    expect(['refused', 'u-17']).toContain(who)
  })

  it('is read whole where a comment was put into the signed name', async () => {
    const signed = signElement(assertion(parts({ nameId: 'admin@corp.example.evil.example' })), '_assertion1')
    const cut = signed.replace('admin@corp.example.evil', 'admin@corp.example<!-- -->.evil')
    const who = await prove(encoded(response(cut, parts()))).then(
      (identity) => identity.subject,
      () => 'refused',
    )
    expect(['refused', 'admin@corp.example.evil.example']).toContain(who)
  })

  it('with entities of its own is refused', async () => {
    const xml = response(signElement(assertion(parts()), '_assertion1'), parts())
    await expect(prove(encoded(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`))).rejects.toThrow()
  })
})

describe('a SAML sign-in', () => {
  it('begins at the provider with our names and an id of its own', async () => {
    const first = await saml.begin('state-1', true)
    const second = await saml.begin('state-2', false)
    expect(first.requestId).not.toBe(second.requestId)
    const url = new URL(first.url)
    expect(`${url.origin}${url.pathname}`).toBe('https://idp.example/sso')
    expect(url.searchParams.get('RelayState')).toBe('state-1')
    const { inflateRawSync } = await import('node:zlib')
    const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
    expect(request).toContain(first.requestId)
    expect(request).toContain('ForceAuthn="true"')
    expect(request).toContain(ADDRESSES.answer)
    expect(saml.metadata()).toContain(ADDRESSES.metadata)
  })
})
