import type { StoredObject } from '../store/objects-table.ts'
import { type EncodedEvent, firstHash, hashEvent } from './canonical.ts'
import type { Seal } from './evidence-documents.ts'
import { sha256, toHex } from './hash.ts'
import { policyVersion } from './policy-version.ts'
import { type StoredEvent, storedEventSchema } from './stored-event.ts'
import { verdictPolicy } from './verdict-effect.ts'

/** What does not fit, at which event. */
export interface ChainFault {
  readonly seq: number
  readonly text: string
}

/** Where a chain's verifier finds what events name. */
export interface ChainSources {
  object(sha: string): Pick<StoredObject, 'kind' | 'body'> | undefined
  /** `unrecorded`: written before policies were kept. */
  policy(version: string): Buffer | 'unrecorded' | undefined
  /** Names that were proved before, by this verifier or another of the same source. */
  readonly proved: Set<string>
  /** What is wrong with the first event. */
  opening(event: StoredEvent): string | undefined
}

/** Computes one session's chain again, event by event. The same for a data directory and for a bundle. */
export class ChainVerifier {
  seq = 0
  #head: string
  readonly #seal: Seal | undefined
  readonly #sealedHead: string
  readonly #sources: ChainSources

  constructor(session: string, seal: Seal | undefined, sources: ChainSources) {
    this.#head = firstHash(session)
    this.#seal = seal
    this.#sealedHead = seal === undefined ? '' : Buffer.from(seal.head, 'hex').toString('latin1')
    this.#sources = sources
  }

  add(stored: EncodedEvent): ChainFault | undefined {
    this.seq += 1
    const text = this.#check(stored)
    return text === undefined ? undefined : { seq: this.seq, text }
  }

  /** `events` and `head`: what the list of sessions, or the bundle's first line, says. */
  finish(events: number, head: string): ChainFault | undefined {
    const promised = Math.max(events, this.#seal?.events ?? 0)
    if (this.seq < promised) return { seq: this.seq + 1, text: `it is missing: ${promised} events were recorded, ${this.seq} are there.` }
    if (this.seq > events) return { seq: events + 1, text: `it was put in: ${events} events were recorded, ${this.seq} are there.` }
    if (this.#head !== head) return { seq: this.seq, text: 'it is not the one that was recorded last.' }
    return undefined
  }

  #check(stored: EncodedEvent): string | undefined {
    const event = storedEventSchema.safeParse(JSON.parse(stored.head))
    if (!event.success) return 'it is not an event as this program writes them.'
    if (event.data.seq !== this.seq) return `another stands in its place, which says it is number ${event.data.seq}.`
    if (hashEvent(this.#head, stored.encoded) !== stored.hash) return 'it was changed: its hash does not fit what it says.'
    this.#head = stored.hash
    if (this.seq === this.#seal?.events && this.#head !== this.#sealedHead) return 'it is not the one that was signed.'
    return this.#checkNamed(event.data) ?? (this.seq === 1 ? this.#sources.opening(event.data) : undefined)
  }

  /** Bodies that events name by their SHA-256, and the policy that a verdict names. */
  #checkNamed(event: StoredEvent): string | undefined {
    if (event.kind === 'verdict') return this.#checkObject(event.verdict, 'verdict')
    if (event.kind !== 'statement') return undefined
    for (const sha of event.facts) {
      const problem = this.#checkObject(sha, 'text or facts')
      if (problem !== undefined) return problem
    }
    return this.#checkObject(event.text, 'text or facts')
  }

  #checkObject(sha: string, what: string): string | undefined {
    const { proved } = this.#sources
    if (proved.has(sha)) return undefined
    const object = this.#sources.object(sha)
    if (object === undefined) return `the ${what} that it names (${sha}) is missing.`
    if (toHex(sha256(object.body)) !== sha) return `the ${object.kind} that it names was changed.`
    const problem = object.kind === 'verdict' ? this.#checkPolicy(verdictPolicy(object.body)) : undefined
    if (problem === undefined) proved.add(sha)
    return problem
  }

  #checkPolicy(version: string): string | undefined {
    const policy = this.#sources.policy(version)
    if (policy === 'unrecorded') return undefined
    if (policy === undefined) return `the policy that it was judged by (version ${version}) is missing.`
    return policyVersion(policy) === version ? undefined : `the policy that it was judged by (version ${version}) was changed.`
  }
}
