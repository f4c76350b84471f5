import { z } from 'zod'
import { timeSchema } from './people.ts'

/** A JSON document byte for byte, and the Ed25519 signature (base64) over it. */
const signedSchema = z.object({ body: z.string(), signature: z.string() })

/** `GET /api/evidence`: what to keep elsewhere, so that the record can be held against it. */
export const evidenceSchema = z.object({
  /** Public keys (PEM); the id is the first 16 hexadecimal digits of the SHA-256 of the key in DER. */
  keys: z.array(z.object({ id: z.string(), publicKey: z.string(), since: timeSchema })),
  /** The key that signs now. */
  key: z.string(),
  /** The last signed head: how far the record goes, and with which hash. Null before the first. */
  head: signedSchema.nullable(),
  /** The last signed stub of what retention removed. */
  removal: signedSchema.nullable(),
  /** Whether the vault, and with it the private key, is encrypted with a key of the operator's. */
  vaultSealed: z.boolean(),
})
