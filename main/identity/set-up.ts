import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../proxy/ports.ts'
import type { Config } from '../config.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

/** The issuer of the one who sets a host up before it has an admin. No provider can be called that. */
export const SET_UP_ISSUER = 'urn:sallyport:set-up'

const CODE_AGE_MS = 24 * 60 * 60_000
/** Wrong codes, after which this one is good no more. */
const MAX_WRONG = 20
/** Without 0, O, 1, I and L. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LENGTH = 20

/** Whether nobody could ever be an admin: there is nowhere to sign in, or no group that gives the role. */
export function lacksAdmin({ identity, roles }: Pick<Config, 'identity' | 'roles'>): boolean {
  return roles.admin.length === 0 || identity.providers.length + identity.saml.length === 0
}

/** The way in before there is an admin: a code on the host's console, good for one sign-in. */
export interface SetUp {
  /** A code is out. */
  readonly open: boolean
  /** Whether a set-up session that was begun still counts: until the first admin signs in. */
  readonly lasts: boolean
  /** Makes a new code, which takes the place of the one before. For the console, nowhere else. */
  makeCode(): string
  /** Who uses it; undefined when it is wrong, used, or a day old. */
  redeem(code: string): VerifiedIdentity | undefined
  /** An admin has signed in: the code and its sessions are over. */
  finish(): void
}

export function createSetUp(clock: Clock, needed: boolean): SetUp {
  let hash: Buffer | undefined
  let madeAt = 0
  let wrong = 0
  let lasts = needed
  const isOpen = (): boolean => hash !== undefined && wrong < MAX_WRONG && clock.now() < madeAt + CODE_AGE_MS
  return {
    get open() {
      return isOpen()
    },
    get lasts() {
      return lasts
    },
    makeCode() {
      const code = Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('')
      hash = hashOf(code)
      madeAt = clock.now()
      wrong = 0
      lasts = true
      return code.match(/.{5}/g)?.join('-') ?? code
    },
    redeem(code) {
      const given = hashOf(code)
      if (!isOpen() || hash === undefined) return undefined
      if (!timingSafeEqual(given, hash)) {
        wrong += 1
        return undefined
      }
      hash = undefined
      return {
        issuer: SET_UP_ISSUER,
        subject: 'set-up',
        name: 'Set-up',
        groups: [],
        kind: 'person',
        client: undefined,
        expiresAt: Number.MAX_SAFE_INTEGER,
        authTime: clock.now(),
      }
    },
    finish() {
      hash = undefined
      lasts = false
    },
  }
}

/** As people type it: in any case, with or without dashes. */
function hashOf(code: string): Buffer {
  return createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest()
}
