import * as client from 'openid-client'
import type { Clock, Log } from '../../proxy/ports.ts'
import { type Claims, identityOf } from './claims.ts'
import type { OidcClient } from './oidc-client.ts'
import type { Revocations } from './revocations.ts'
import type { ProviderWord, SignedInPerson, WebSessions } from './web-sessions.ts'

/** With the tick and the provider's time-outs, a loss is known within five minutes. */
const DUE_AFTER_MS = 4 * 60_000
const TICK_MS = 20_000
const AT_ONCE = 4

export interface PeopleCheckOptions {
  readonly sessions: Pick<WebSessions, 'people' | 'confirm' | 'keep' | 'endOf'>
  readonly revocations: Pick<Revocations, 'revoke'>
  /** The provider of an issuer, where people sign in with OpenID Connect. */
  readonly clientOf: (issuer: string) => OidcClient | undefined
  readonly clock: Clock
  readonly log: Log
}

export interface PeopleCheck {
  /** Asks about everyone who is due. Never rejects. */
  run(): Promise<void>
  stop(): void
}

/**
 * Asks the providers, while people's sessions live, whether they are still there and in which groups: by the refresh token, else at the userinfo
 * endpoint. Someone who is gone is signed out; lost groups are gone at once. A provider that does not answer changes nothing, until the session's
 * limit (`identity.session.unchecked`) is reached.
 */
export function checkPeople(options: PeopleCheckOptions): PeopleCheck {
  const { sessions, clock } = options
  let running: Promise<void> | undefined

  const round = async (): Promise<void> => {
    const due = sessions.people().filter((person) => clock.now() - person.checkedAt >= DUE_AFTER_MS)
    const next = due.values()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const person of next) await checkOne(options, person)
      }),
    )
  }
  const run = (): Promise<void> => {
    running ??= round().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(() => {
    run().catch((error: unknown) => options.log.error('people.check-failed', { why: String(error) }))
  }, TICK_MS)
  timer.unref()
  return { run, stop: () => clearInterval(timer) }
}

async function checkOne({ sessions, revocations, clientOf, clock, log }: PeopleCheckOptions, person: SignedInPerson): Promise<void> {
  const { issuer, subject } = person
  const oidc = clientOf(issuer)
  if (oidc === undefined) return
  try {
    const answer = await ask(oidc, person, clock.now(), (word) => sessions.keep(person, word))
    if (answer === undefined) return
    const now = identityOf({ ...answer.claims, exp: 0 }, oidc.provider)
    if (now.kind === 'agent') throw new Gone('it counts as an agent now')
    const lost = person.groups.filter((group) => !now.groups.includes(group))
    sessions.confirm(person, now, answer.word)
    if (lost.length === 0) return
    revocations.revoke(person, lost)
    log.info('people.groups-lost', { issuer, subject, groups: lost })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (!isGone(error)) {
      log.warn('people.not-checked', { issuer, subject, why })
      return
    }
    revocations.revoke(person, null)
    sessions.endOf(issuer, { subject })
    log.info('people.gone', { issuer, subject, why })
  }
}

class Gone extends Error {}

/** The provider's refusal, and not a provider that does not work. */
function isGone(error: unknown): boolean {
  if (error instanceof Gone) return true
  if (error instanceof client.ResponseBodyError) return error.error === 'invalid_grant'
  return error instanceof client.WWWAuthenticateChallengeError && error.status === 401
}

interface Answer {
  readonly claims: Claims
  readonly word: ProviderWord
}

/**
 * Undefined when there is no way to ask, or when the answer does not tell the groups. `keep` is given new tokens as soon as they are there: the old
 * ones may be good no more. Throws what `openid-client` says.
 */
async function ask(oidc: OidcClient, person: SignedInPerson, now: number, keep: (word: ProviderWord) => void): Promise<Answer | undefined> {
  const { refreshToken, accessToken, accessUntil, subject } = person
  if (refreshToken === undefined && accessToken === undefined) return undefined
  const server = await oidc.configuration(now)
  const hasUserInfo = server.serverMetadata().userinfo_endpoint !== undefined
  if (refreshToken === undefined) {
    if (accessToken === undefined || !hasUserInfo) return undefined
    const claims = await client.fetchUserInfo(server, accessToken, subject)
    return tellsGroups(claims, oidc) ? { claims, word: { accessToken, accessUntil } } : undefined
  }
  const tokens = await client.refreshTokenGrant(server, refreshToken)
  const word = wordOf(tokens, now)
  keep(word)
  const idToken = tokens.claims()
  if (idToken !== undefined && idToken.sub !== subject) throw new Gone('the refreshed token is somebody else’s')
  const info = hasUserInfo ? await client.fetchUserInfo(server, tokens.access_token, subject) : {}
  const claims = { ...info, ...idToken, sub: subject }
  // A provider that leaves the claim out of a whole ID token says that there are no groups.
  return idToken !== undefined || tellsGroups(claims, oidc) ? { claims, word } : undefined
}

function tellsGroups(claims: Claims, { provider }: OidcClient): boolean {
  const { groups } = provider.claims
  return Object.hasOwn(claims, groups) || Object.hasOwn(claims, groups.split('.')[0] ?? groups)
}

/** What of a token endpoint's answer is kept for the next question. */
export function wordOf(tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers, now: number): ProviderWord {
  const expiresIn = tokens.expiresIn()
  const sid = tokens.claims()?.['sid']
  return {
    sid: typeof sid === 'string' ? sid : undefined,
    refreshToken: tokens.refresh_token,
    accessToken: tokens.access_token,
    accessUntil: expiresIn === undefined ? now : now + expiresIn * 1000,
  }
}
