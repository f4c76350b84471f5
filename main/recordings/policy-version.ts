import { sha256, toHex } from './hash.ts'

/** A policy's version, as verdicts name it: the first 16 hexadecimal digits of the SHA-256 of its canonical content. */
export function policyVersion(body: Buffer): string {
  return toHex(sha256(body)).slice(0, 16)
}
