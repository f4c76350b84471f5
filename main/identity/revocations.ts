import type { Clock } from '../../proxy/ports.ts'

/** The provider's word that somebody, or some of their groups, are gone: tokens that were issued before it count no more. */
export interface Revocation {
  readonly issuer: string
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Null: the whole identity. */
  readonly groups: readonly string[] | null
}

/** Where revocations are kept: SQLite in the host, nothing in tests. */
export interface RevocationStore {
  all(): Revocation[]
  insert(revocation: Revocation): void
  removeBefore(at: number): void
}

/** No access token should live longer. */
const KEPT_MS = 7 * 24 * 60 * 60_000
/** Providers write `iat` in whole seconds: a token of the same second may be newer. */
const SECOND_MS = 1000

export interface TokenHolder {
  readonly issuer: string
  readonly subject: string
  readonly groups: readonly string[]
  /** `iat` in ms; undefined when the token does not say, and then it counts as old. */
  readonly issuedAt?: number | undefined
}

export interface Revocations {
  revoke(who: { readonly issuer: string; readonly subject: string }, groups: readonly string[] | null): void
  /** Why a token counts no more, for its holder to read; undefined when it does. */
  why(holder: TokenHolder): string | undefined
}

export function createRevocations(store: RevocationStore, clock: Clock): Revocations {
  const byPerson = new Map<string, Revocation[]>()
  const keyOf = ({ issuer, subject }: { readonly issuer: string; readonly subject: string }) => JSON.stringify([issuer, subject])
  const hold = (revocation: Revocation): void => {
    const key = keyOf(revocation)
    byPerson.set(key, [...(byPerson.get(key) ?? []), revocation])
  }
  store.removeBefore(clock.now() - KEPT_MS)
  for (const revocation of store.all()) hold(revocation)

  return {
    revoke({ issuer, subject }, groups) {
      const now = clock.now()
      store.removeBefore(now - KEPT_MS)
      for (const [key, kept] of byPerson) {
        const young = kept.filter(({ at }) => at >= now - KEPT_MS)
        if (young.length === 0) byPerson.delete(key)
        else byPerson.set(key, young)
      }
      const revocation = { issuer, subject, at: now, groups }
      store.insert(revocation)
      hold(revocation)
    },
    why(holder) {
      const { groups, issuedAt = Number.NEGATIVE_INFINITY } = holder
      for (const revocation of byPerson.get(keyOf(holder)) ?? []) {
        if (issuedAt + SECOND_MS > revocation.at) continue
        if (revocation.groups === null) return 'the identity provider has ended the sign-in of the person that it stands for'
        const lost = revocation.groups.filter((group) => groups.includes(group))
        if (lost.length > 0) return `the person that it stands for is no longer in ${lost.join(', ')}`
      }
      return undefined
    },
  }
}

export function createMemoryRevocationStore(): RevocationStore {
  return { all: () => [], insert: () => undefined, removeBefore: () => undefined }
}
