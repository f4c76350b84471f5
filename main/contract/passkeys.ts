import { z } from 'zod'
import { timeSchema } from './people.ts'

const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(20_000)
const extensionResults = z.record(z.string(), z.unknown())

/** One of your own passkeys (WebAuthn credential). */
export const passkeySchema = z.object({
  /** The credential's id, base64url. */
  id: z.string(),
  name: z.string(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
})
export type Passkey = z.infer<typeof passkeySchema>

/** `GET /api/me/passkeys`. */
export const passkeyListSchema = z.object({ items: z.array(passkeySchema) })

/** What `navigator.credentials.get` gave, as JSON (WebAuthn level 3, section 5.1: AuthenticationResponseJSON). */
export const passkeyAssertionSchema = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: extensionResults.default({}),
})
export type PasskeyAssertion = z.input<typeof passkeyAssertionSchema>

/** What `navigator.credentials.create` gave, as JSON (RegistrationResponseJSON). */
export const passkeyRegistrationSchema = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(10).optional(),
    authenticatorData: base64url.optional(),
    publicKeyAlgorithm: z.number().int().optional(),
    publicKey: base64url.optional(),
  }),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: extensionResults.default({}),
})

/** Options as the browser takes them (PublicKeyCredentialCreationOptionsJSON, …RequestOptionsJSON); they are passed on as they are. */
const browserOptions = z.record(z.string(), z.unknown())

/**
 * `POST /api/me/passkeys/options`: what the browser needs before a passkey is added or removed. Good for five minutes, once. `proof` is null while
 * you have no passkey yet; afterwards each change must be proved by one that you have.
 */
export const passkeyOptionsRequestSchema = z.strictObject({ for: z.enum(['add', 'remove']) })
export const passkeyOptionsSchema = z.object({ add: browserOptions.nullable(), proof: browserOptions.nullable() })
export type PasskeyOptions = z.infer<typeof passkeyOptionsSchema>

/** `POST /api/me/passkeys`. Needs a recent sign-in. */
export const addPasskeyRequestSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  registration: passkeyRegistrationSchema,
  proof: passkeyAssertionSchema.optional(),
})

/** `DELETE /api/me/passkeys/{id}`. */
export const removePasskeyRequestSchema = z.strictObject({ proof: passkeyAssertionSchema })

/** `POST /api/approvals/{id}/passkey`: what the browser needs to sign this very decision. Send the assertion as `passkey` with the decision. */
export const decisionPasskeyRequestSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  /** As with the decision; the assertion is good for this revision only. */
  revision: z.number().int(),
})
export const decisionPasskeySchema = z.object({ proof: browserOptions })

/** `POST /api/people/passkeys/remove` (admin): somebody has lost their passkeys and may register anew. Never for oneself. */
export const removePasskeysOfRequestSchema = z.strictObject({
  issuer: z.string().min(1).max(2000),
  subject: z.string().min(1).max(2000),
  reason: z.string().trim().min(1).max(500),
})
export const removePasskeysOfResponseSchema = z.object({ removed: z.number().int() })
