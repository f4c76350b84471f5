import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { unusable } from './vault-key.ts'

/**
 * The vault on disk. `sealing` says how each secret is kept: `none` in base64, or AES-256-GCM (NIST SP 800-38D) with a random data key, a nonce of its
 * own each time, and the secret's name as additional data. The data key stands in `key`, encrypted in the same way with what scrypt (RFC 7914;
 * N 2^15, r 8, p 1) makes of the operator's key and `salt`: another operator's key needs only that to be written anew. Version 1 had no data key:
 * secrets were encrypted with scrypt's key itself, and `check` was an empty one.
 */
const sealedSchema = z.strictObject({ nonce: z.string(), data: z.string(), tag: z.string() })
const fileSchema = z.union([
  z.strictObject({ version: z.literal(1), sealing: z.literal('none'), secrets: z.record(z.string(), z.string()) }),
  z.strictObject({
    version: z.literal(1),
    sealing: z.literal('aes-256-gcm'),
    salt: z.string(),
    check: sealedSchema,
    secrets: z.record(z.string(), sealedSchema),
  }),
  z.strictObject({
    version: z.literal(2),
    sealing: z.literal('aes-256-gcm'),
    salt: z.string(),
    key: sealedSchema,
    secrets: z.record(z.string(), sealedSchema),
  }),
])
export type VaultFile = z.infer<typeof fileSchema>
export type SealedSecret = z.infer<typeof sealedSchema>

/** Undefined when there is none yet. Throws `GatewayError` (`misconfigured`) when others may read it or it is no vault. */
export function readVaultFile(path: string): VaultFile | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw unusable(`${path} can be read or changed by other users (mode ${(stat.mode & 0o777).toString(8)})`, `chmod 600 ${path}`)
  }
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) {
      throw unusable(`${path} is damaged: it is not a vault as this program writes it`, 'put it back from a back-up')
    }
    throw cause
  }
}

/** All or nothing: written beside (0600), forced to the disk, and put in place whole. Throws what the file system says. */
export function writeVaultFile(path: string, content: VaultFile): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`)
      let done = 0
      while (done < bytes.length) done += writeSync(file, bytes, done)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
  forceDirectory(dirname(path))
}

/** The new name itself has to survive a power cut. Not every file system lets a folder be opened. */
function forceDirectory(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
