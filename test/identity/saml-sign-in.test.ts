import { inflateRawSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { createMemoryRevocationStore, createRevocations } from '../../main/identity/revocations.ts'
import { createSetUp } from '../../main/identity/set-up.ts'
import { SignIn } from '../../main/identity/sign-in.ts'
import { configWith } from './memory-issuer.ts'
import { memoryAudit, memorySessions } from './memory-sessions.ts'
import { answer, IDP, IDP_CERTIFICATE } from './saml-response.ts'

const ORIGIN = 'https://host.example'
const clock = { now: () => Date.now() }
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

let signIn: SignIn
let audit: ReturnType<typeof memoryAudit>

beforeEach(() => {
  const config = configWith()
  const corp = {
    name: 'corp-saml',
    entityId: IDP,
    entryPoint: 'https://idp.example/sso',
    certificates: [IDP_CERTIFICATE],
    audience: undefined,
    claims: { name: 'name', groups: 'groups' },
  }
  audit = memoryAudit()
  signIn = new SignIn({
    config: createConfigInForce({ ...config, identity: { ...config.identity, saml: [corp] } }),
    sessions: memorySessions().sessions,
    setUp: createSetUp(clock, false),
    revocations: createRevocations(createMemoryRevocationStore(), clock),
    audit,
    clock,
    log: silent,
    origin: () => ORIGIN,
    addressOf: () => '192.0.2.1',
  })
})

const get = (at: string, cookie = '') => new Request(`${ORIGIN}${at}`, { headers: { cookie } })
const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''

/** From our page to the provider, which answers as it should. */
async function begin() {
  const started = await signIn.start(get('/auth/sign-in?provider=corp-saml&return=/sessions'))
  const url = new URL(started.headers.get('location') ?? '')
  const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
  const requestId = / ID="([^"]+)"/.exec(request)?.[1] ?? ''
  const parts = { requestId, recipient: `${ORIGIN}/auth/saml`, audience: `${ORIGIN}/api/sign-in/corp-saml/metadata` }
  const form = (RelayState: string) => new URLSearchParams({ RelayState, SAMLResponse: answer(parts) })
  return { cookie: cookieOf(started), state: url.searchParams.get('RelayState') ?? '', form }
}

describe('a person who signs in with SAML', () => {
  it('comes back where they wanted to be, with a session like any other', async () => {
    expect(signIn.options()).toMatchObject([{ kind: 'oidc' }, { name: 'corp-saml', kind: 'saml' }])
    const { cookie, state, form } = await begin()
    const parked = signIn.samlAnswer(form(state))
    expect(parked.status).toBe(303)
    const done = await signIn.samlDone(get(parked.headers.get('location') ?? '', cookie))
    expect(done.status, await done.clone().text()).toBe(303)
    expect(done.headers.get('location')).toBe('/sessions')
    expect(cookieOf(done)).toMatch(/^__Host-sallyport-session=/)
    expect(signIn.whoIs(cookieOf(done))?.who).toMatchObject({ issuer: IDP, subject: 'u-17', groups: ['dba'], kind: 'person' })
    expect(audit.acts).toMatchObject([{ act: 'sign-in', subject: 'u-17', outcome: 'done' }])
  })

  it('cannot be brought in by another browser, by a state that is not ours, or twice', async () => {
    const { cookie, state, form } = await begin()
    for (const relay of ['', 'https://evil.example', '//evil.example', `${state}x`]) {
      expect(signIn.samlAnswer(form(relay)).status).toBe(400)
    }
    const parked = signIn.samlAnswer(form(state)).headers.get('location') ?? ''
    expect(new URL(parked, ORIGIN).origin).toBe(ORIGIN)
    // Whoever sends a second one does not take the place of the first.
    expect(signIn.samlAnswer(form(state)).status).toBe(400)
    const again = await begin()
    expect((await signIn.samlDone(get(`/auth/saml-done?state=${again.state}`, again.cookie))).status).toBe(400)
    expect((await signIn.samlDone(get(parked, cookie))).status).toBe(303)
    expect((await signIn.samlDone(get(parked, cookie))).status).toBe(400)
  })

  it('cannot use an answer that was captured: it is to another question', async () => {
    const first = await begin()
    const captured = first.form(first.state).get('SAMLResponse') ?? ''
    const second = await begin()
    const parked =
      signIn.samlAnswer(new URLSearchParams({ RelayState: second.state, SAMLResponse: captured })).headers.get('location') ?? ''
    const done = await signIn.samlDone(get(parked, second.cookie))
    expect(done.status).toBe(400)
    expect(done.headers.getSetCookie()).toEqual([])
    expect(audit.acts).toMatchObject([{ act: 'sign-in-refused', outcome: 'refused' }])
  })
})
