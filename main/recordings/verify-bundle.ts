import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { encodeEvent } from './canonical.ts'
import { readDocument, type Seal, sealSchema } from './evidence-documents.ts'
import { keyRing } from './key-ring.ts'
import { ChainVerifier } from './verify-chain.ts'

const signedSchema = z.object({ body: z.string(), signature: z.string() })
const firstLineSchema = z.object({
  sallyport: z.literal('bundle'),
  version: z.literal(2),
  id: z.string(),
  events: z.number().int(),
  head: z.string(),
  seal: signedSchema.nullable(),
  record: signedSchema.nullable(),
  keys: z.array(z.object({ id: z.string(), publicKey: z.string() })),
})
const objectLineSchema = z.object({ object: z.string(), kind: z.enum(['text', 'facts', 'verdict']), body: z.string() })
const policyLineSchema = z.object({ policy: z.string(), body: z.string() })
const eventLineSchema = z.object({ event: z.string(), attachment: z.string().optional(), hash: z.string() })
const lineSchema = z.union([eventLineSchema, objectLineSchema, policyLineSchema])

export interface BundleVerification {
  readonly session: string
  readonly events: number
  /** How many of the events the signature covers: all of them, but for a session that was running. */
  readonly signedEvents: number
  readonly keys: readonly string[]
  /** The first thing that does not fit. */
  readonly fault: { readonly seq: number; readonly text: string } | undefined
}

/**
 * Proves an exported session with nothing but its own lines, and the public key where one is given. Throws `BundleError` when it is not a
 * bundle at all.
 */
export function verifyBundle(lines: Iterable<string>, pinned?: KeyObject): BundleVerification {
  const iterator = lines[Symbol.iterator]()
  const first = parseLine(firstLineSchema, iterator.next().value, 1)
  const { id: session, events, head, seal: signed, keys } = first
  const ring = keyRing(
    keys.map((key) => ({ id: key.id, public_key: key.publicKey })),
    pinned,
  )
  const failed = (seq: number, text: string): BundleVerification => ({
    session,
    events,
    signedEvents: 0,
    keys: ring.ids,
    fault: { seq, text: `Session ${session}, event ${seq}: ${text}` },
  })
  if (signed === null) return failed(events, 'nothing signs it: export it again once its host has signed its end.')
  const seal: Seal | undefined = readDocument(sealSchema, signed)
  if (seal === undefined || seal.session !== session) return failed(events, 'the signature is not over this session.')
  const problem = ring.problem(signed, seal.key)
  if (problem !== undefined) return failed(seal.events, `the signature over it does not hold: ${problem}.`)

  const objects = new Map<string, { kind: 'text' | 'facts' | 'verdict'; body: Buffer }>()
  const policies = new Map<string, Buffer>()
  const chain = new ChainVerifier(session, seal, {
    object: (sha) => objects.get(sha),
    policy: (version) => policies.get(version),
    proved: new Set(),
    opening: (event) =>
      event.kind === 'opened' && event.opening.id === session ? undefined : 'the first event of a session has to be its opening.',
  })
  let number = 1
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    number += 1
    if (next.value === '') continue
    const line = parseLine(lineSchema, next.value, number)
    if ('object' in line) objects.set(line.object, { kind: line.kind, body: Buffer.from(line.body, 'base64') })
    else if ('policy' in line) policies.set(line.policy, Buffer.from(line.body))
    else {
      const attachment = Buffer.from(line.attachment ?? '', 'base64')
      const encoded = encodeEvent(line.event, attachment.length > 0 ? attachment : undefined)
      const hash = Buffer.from(line.hash, 'hex').toString('latin1')
      const fault = chain.add({ encoded, head: line.event, attachment, hash })
      if (fault !== undefined) return failed(fault.seq, fault.text)
    }
  }
  const fault = chain.finish(events, Buffer.from(head, 'hex').toString('latin1'))
  if (fault !== undefined) return failed(fault.seq, fault.text)
  return { session, events, signedEvents: seal.events, keys: ring.ids, fault: undefined }
}

/** What was given is no bundle. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}

function parseLine<T>(schema: z.ZodType<T>, text: unknown, number: number): T {
  const value = typeof text === 'string' ? readJson(text, number) : undefined
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new BundleError(`Line ${number} is not one of an exported session (version 2).`)
  return parsed.data
}

function readJson(text: string, number: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BundleError(`Line ${number} is not JSON: the file is damaged or no exported session.`)
  }
}
