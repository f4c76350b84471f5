import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Entry {
  readonly payload: AdapterPayload
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

const MAX_ENTRIES = 5000
const entries = new Map<string, Entry>()

/** What the provider remembers while it runs: sign-ins under way and codes. Tokens are signed, so a restart loses none. */
export class MemoryAdapter implements Adapter {
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const oldest = entries.size >= MAX_ENTRIES ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(this.#key(id), { payload, expiresAt: Date.now() + expiresIn * 1000 })
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = entries.get(this.#key(id))
    if (entry === undefined) return undefined
    if (entry.expiresAt > Date.now()) return entry.payload
    entries.delete(this.#key(id))
    return undefined
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#where((payload) => payload.uid === uid)
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#where((payload) => payload.userCode === userCode)
  }

  async destroy(id: string): Promise<void> {
    entries.delete(this.#key(id))
  }

  async consume(id: string): Promise<void> {
    const entry = entries.get(this.#key(id))
    if (entry !== undefined) entry.payload['consumed'] = Math.floor(Date.now() / 1000)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key)
  }

  #key(id: string): string {
    return `${this.#model}:${id}`
  }

  async #where(matches: (payload: AdapterPayload) => boolean): Promise<AdapterPayload | undefined> {
    for (const [key, { payload, expiresAt }] of entries) {
      if (key.startsWith(`${this.#model}:`) && expiresAt > Date.now() && matches(payload)) return payload
    }
    return undefined
  }
}
