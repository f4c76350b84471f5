import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

/** `backup.json`: what a back-up holds. Times are milliseconds since the epoch. */
export const manifestSchema = z.strictObject({
  sallyport: z.literal('backup'),
  version: z.literal(1),
  /** Of the program that made it. */
  program: z.string(),
  at: z.number().int(),
  /** The vault is in it: signing key, key of tokens, credentials; encrypted only where an operator's key was set. */
  keys: z.boolean(),
  /** The signing key's id, and how far the record goes. */
  signingKey: z.string(),
  position: z.strictObject({ segment: z.number().int(), offset: z.number().int(), hash: z.string() }).nullable(),
  files: z.array(z.strictObject({ path: z.string().regex(/^(journal\/)?[A-Za-z0-9.-]+$/), bytes: z.number().int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof manifestSchema>

export const MANIFEST = 'backup.json'

/** SHA-256 (hex) and size of a file, read in parts. */
export async function digestOf(folder: string, path: string): Promise<Manifest['files'][number]> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(join(folder, path)), async (parts) => {
    for await (const part of parts) {
      hash.update(part as Buffer)
      bytes += (part as Buffer).length
    }
  })
  return { path, bytes, sha256: hash.digest('hex') }
}
