import { z } from 'zod'
import type { Identity } from '../../proxy/ports.ts'

const humanSchema = z.object({
  /** Verified by the provider, lower case. */
  email: z.string().nullable(),
  onBehalfOf: z.object({ issuer: z.string(), subject: z.string() }).nullable(),
})
/** What tells the human behind an identity, besides issuer and subject. */
export type Human = z.infer<typeof humanSchema>

export const NO_HUMAN: Human = { email: null, onBehalfOf: null }

export function humanOf({ verifiedEmail, onBehalfOf }: Pick<Identity, 'verifiedEmail' | 'onBehalfOf'>): Human {
  const person = onBehalfOf === undefined ? null : { issuer: onBehalfOf.issuer, subject: onBehalfOf.subject }
  return { email: verifiedEmail ?? null, onBehalfOf: person }
}

export function parseHuman(json: string | null): Human {
  return json === null ? NO_HUMAN : humanSchema.parse(JSON.parse(json))
}

interface Known {
  readonly issuer: string
  readonly subject: string
  readonly verifiedEmail?: string | undefined
}

/** How somebody is one with the one who asked; undefined: they are another human, as far as anybody can tell. */
export function sameHuman(asker: Known & { readonly human: Human }, who: Known): 'identity' | 'on-behalf' | 'email' | undefined {
  const { human } = asker
  if (asker.issuer === who.issuer && asker.subject === who.subject) return 'identity'
  if (human.onBehalfOf !== null && human.onBehalfOf.issuer === who.issuer && human.onBehalfOf.subject === who.subject) return 'on-behalf'
  if (human.email !== null && who.verifiedEmail !== undefined && human.email === who.verifiedEmail) return 'email'
  return undefined
}
