import { z } from 'zod'

/** What a person may do in Sallyport itself. Agents never hold a role. */
export const roleSchema = z.enum(['admin', 'approver', 'viewer'])
export type Role = z.infer<typeof roleSchema>

/** Milliseconds since the epoch, as everywhere in this API. */
export const timeSchema = z.number().int().nonnegative()

/** Someone as others see them. Identity is issuer + subject; the name is only for reading. */
export const personSchema = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  kind: z.enum(['person', 'agent']),
})
export type Person = z.infer<typeof personSchema>

/** `GET /api/me`. */
export const meSchema = personSchema.extend({
  roles: z.array(roleSchema),
  groups: z.array(z.string()),
  /** Groups that would give a role; told only to a person who has none. */
  roleGroups: z.array(z.string()).optional(),
  /** When this person last proved who they are at the provider (`auth_time`); null when the token does not say. */
  signInAt: timeSchema.nullable(),
  /** Until when that sign-in is fresh enough to decide; null when it never was. */
  decideUntil: timeSchema.nullable(),
  /** Send this header with this value on every call that changes something. Null for bearer tokens, which need none. */
  csrf: z.object({ header: z.string(), token: z.string() }).nullable(),
})
export type Me = z.infer<typeof meSchema>

/** `GET /api/sign-in`: where a person can sign in. Needs no sign-in itself. */
export const signInOptionsSchema = z.object({
  /** A page each, to be opened with `return` and, for a decision, `fresh=1`. */
  providers: z.array(z.object({ name: z.string(), url: z.string(), kind: z.enum(['oidc', 'saml']).optional() })),
  /** Nobody can be admin yet: the one-time code on the host's console signs in whoever sets it up. */
  setUpCode: z.boolean().optional(),
})
export type SignInOptions = z.infer<typeof signInOptionsSchema>

/** `POST /api/sign-in/set-up-code`. The answer sets the session's cookie. Spaces, dashes and case of the code do not matter. */
export const setUpCodeRequestSchema = z.strictObject({ code: z.string().min(1).max(100) })
export const setUpCodeResponseSchema = z.object({ name: z.string(), roles: z.array(roleSchema) })
