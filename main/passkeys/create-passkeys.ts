import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import type { Clock } from '../../proxy/ports.ts'
import { Challenges, type Purpose } from './challenges.ts'
import { PasskeyProblem } from './passkey-problem.ts'
import type { PasskeyStore, StoredPasskey } from './passkey-store.ts'

export interface PasskeyOwner {
  readonly issuer: string
  readonly subject: string
  readonly name: string
}

/** One decision, as its approver's passkey signs it. */
export interface BoundDecision {
  readonly approval: number
  readonly revision: number
  readonly decision: 'approve' | 'deny'
}

/** People's passkeys (WebAuthn level 3). All that throw, throw `PasskeyProblem`. User verification is always required. */
export interface Passkeys {
  of(owner: PasskeyOwner): StoredPasskey[]
  /** What the browser needs to make one. */
  beginAdd(owner: PasskeyOwner): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** What the browser needs to prove one before another is added or one is removed; undefined while there is none. */
  beginProof(owner: PasskeyOwner, act: 'add' | 'remove'): Promise<PublicKeyCredentialRequestOptionsJSON | undefined>
  add(
    owner: PasskeyOwner,
    name: string,
    made: RegistrationResponseJSON,
    proof: AuthenticationResponseJSON | undefined,
  ): Promise<StoredPasskey>
  /** False: there is no such passkey. */
  remove(owner: PasskeyOwner, id: string, proof: AuthenticationResponseJSON): Promise<boolean>
  /** Somebody lost them all; an admin says so. Returns how many there were. */
  removeAll(owner: Pick<PasskeyOwner, 'issuer' | 'subject'>): number
  beginDecision(owner: PasskeyOwner, bound: BoundDecision): Promise<PublicKeyCredentialRequestOptionsJSON>
  proveDecision(owner: PasskeyOwner, bound: BoundDecision, proof: AuthenticationResponseJSON): Promise<void>
}

export interface PasskeysOptions {
  readonly store: PasskeyStore
  readonly clock: Clock
  /** Scheme, host and port as browsers see this host; asked at each use. */
  readonly origin: () => string
}

/** EdDSA, ES256, RS256 (COSE): what authenticators have. */
const ALGORITHMS = [-8, -7, -257]

type AuthenticatorTransport = NonNullable<WebAuthnCredential['transports']>[number]

const purposeOf = ({ issuer, subject }: PasskeyOwner, ...what: readonly (string | number)[]): Purpose =>
  JSON.stringify([issuer, subject, ...what])

const purposeOfDecision = (owner: PasskeyOwner, { approval, revision, decision }: BoundDecision): Purpose =>
  purposeOf(owner, 'decide', approval, revision, decision)

export function createPasskeys({ store, clock, origin }: PasskeysOptions): Passkeys {
  const challenges = new Challenges()
  const of = ({ issuer, subject }: PasskeyOwner): StoredPasskey[] => store.ofPerson(issuer, subject)

  const requestFor = (passkeys: readonly StoredPasskey[], purpose: Purpose): Promise<PublicKeyCredentialRequestOptionsJSON> =>
    generateAuthenticationOptions({
      rpID: relyingParty(origin()),
      allowCredentials: passkeys.map(described),
      challenge: bytesOf(challenges.make(purpose, clock.now())),
      userVerification: 'required',
      timeout: 120_000,
    })

  /** Whether one of the owner's passkeys signed a challenge that was given for this. */
  const prove = async (owner: PasskeyOwner, purpose: Purpose, proof: AuthenticationResponseJSON): Promise<void> => {
    const passkey = of(owner).find(({ id }) => id === proof.id)
    if (passkey === undefined) throw new PasskeyProblem('wrong', 'This passkey is not one of yours here.')
    const verified = await verifyAuthenticationResponse({
      response: proof,
      expectedChallenge: (challenge) => challenges.take(challenge, purpose, clock.now()),
      expectedOrigin: origin(),
      expectedRPID: relyingParty(origin()),
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
        transports: transportsOf(passkey),
      },
      requireUserVerification: true,
    }).catch((cause: unknown) => {
      throw wrong(cause)
    })
    if (!verified.verified) throw wrong(undefined)
    store.used(passkey.id, verified.authenticationInfo.newCounter, clock.now())
  }

  return {
    of,
    beginAdd: (owner) =>
      generateRegistrationOptions({
        rpName: 'Sallyport',
        rpID: relyingParty(origin()),
        userName: owner.name,
        userID: new Uint8Array(createHash('sha256').update(purposeOf(owner)).digest()),
        challenge: bytesOf(challenges.make(purposeOf(owner, 'add'), clock.now())),
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: of(owner).map(described),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        timeout: 120_000,
      }),
    async beginProof(owner, act) {
      const passkeys = of(owner)
      return passkeys.length === 0 ? undefined : requestFor(passkeys, purposeOf(owner, 'prove', act))
    },
    async add(owner, name, made, proof) {
      if (of(owner).length > 0) {
        if (proof === undefined) throw new PasskeyProblem('missing', 'Prove one of your passkeys first: another is added only with it.')
        await prove(owner, purposeOf(owner, 'prove', 'add'), proof)
      }
      const { registrationInfo } = await verifyRegistrationResponse({
        response: made,
        expectedChallenge: (challenge) => challenges.take(challenge, purposeOf(owner, 'add'), clock.now()),
        expectedOrigin: origin(),
        expectedRPID: relyingParty(origin()),
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch((cause: unknown) => {
        throw wrong(cause)
      })
      if (registrationInfo === undefined) throw wrong(undefined)
      const { id, publicKey, counter } = registrationInfo.credential
      const { issuer, subject } = owner
      const transports = made.response.transports ?? []
      const passkey = { id, issuer, subject, name, publicKey: Buffer.from(publicKey), counter, transports, createdAt: clock.now() }
      if (!store.insert(passkey)) throw new PasskeyProblem('wrong', 'This passkey is registered here already.')
      return { ...passkey, lastUsedAt: null }
    },
    async remove(owner, id, proof) {
      await prove(owner, purposeOf(owner, 'prove', 'remove'), proof)
      return store.remove(owner.issuer, owner.subject, id)
    },
    removeAll: ({ issuer, subject }) => store.removeAll(issuer, subject),
    async beginDecision(owner, bound) {
      const passkeys = of(owner)
      if (passkeys.length === 0) throw new PasskeyProblem('none', 'The rule demands a passkey, and you have none here yet. Add one first.')
      return requestFor(passkeys, purposeOfDecision(owner, bound))
    },
    proveDecision: (owner, bound, proof) => prove(owner, purposeOfDecision(owner, bound), proof),
  }
}

/** The host's name, to which passkeys are bound. Browsers make none for bare addresses (WebAuthn section 5.1.2: an effective domain). */
function relyingParty(origin: string): string {
  const { hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) === 0) return hostname
  throw new PasskeyProblem(
    'host-name',
    'Passkeys need a host name, and this host is reached by an address. Set web.publicUrl to its name (http://localhost and the port on one machine).',
  )
}

function described({ id, ...passkey }: StoredPasskey): { id: string; transports: AuthenticatorTransport[] } {
  return { id, transports: transportsOf(passkey) }
}

const TRANSPORTS: readonly AuthenticatorTransport[] = ['ble', 'hybrid', 'internal', 'nfc', 'usb']

/** Of what a browser says, the ones that browsers know. */
function transportsOf({ transports }: Pick<StoredPasskey, 'transports'>): AuthenticatorTransport[] {
  return TRANSPORTS.filter((one) => transports.includes(one))
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64url, 'base64url'))

function wrong(cause: unknown): PasskeyProblem {
  const text = 'What the passkey gave could not be accepted: it took too long, was used before, or was made for something else. Try again.'
  return new PasskeyProblem('wrong', text, { cause })
}
