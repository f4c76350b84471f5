import { beforeEach, describe, expect, it } from 'vitest'
import { createPasskeys, type Passkeys } from '../../main/passkeys/create-passkeys.ts'
import type { PasskeyStore, StoredPasskey } from '../../main/passkeys/passkey-store.ts'
import { refusePasskey } from '../../main/passkeys/refuse-passkey.ts'
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from '../identity/software-authenticator.ts'

const HERE = { origin: 'https://sallyport.example:8443', rpId: 'sallyport.example' }
const ada = { issuer: 'https://login.example', subject: 'ada', name: 'Ada' }
const ben = { ...ada, subject: 'ben', name: 'Ben' }
const bound = { approval: 218, revision: 3, decision: 'approve' } as const

let now: number
let origin: string
let passkeys: Passkeys
let key: SoftwareAuthenticator

function memoryStore(): PasskeyStore {
  const all = new Map<string, StoredPasskey>()
  const ofPerson = (issuer: string, subject: string) => [...all.values()].filter((one) => one.issuer === issuer && one.subject === subject)
  return {
    insert: (passkey) => !all.has(passkey.id) && all.set(passkey.id, { ...passkey, lastUsedAt: null }).size > 0,
    ofPerson,
    used: (id, counter, lastUsedAt) => {
      const one = all.get(id)
      if (one !== undefined) all.set(id, { ...one, counter, lastUsedAt })
    },
    remove: (issuer, subject, id) => ofPerson(issuer, subject).some((one) => one.id === id) && all.delete(id),
    removeAll: (issuer, subject) => ofPerson(issuer, subject).filter(({ id }) => all.delete(id)).length,
  }
}

/** The owner's first passkey. */
async function register(owner = ada, with_ = key): Promise<StoredPasskey> {
  return passkeys.add(owner, 'laptop', with_.create(await passkeys.beginAdd(owner), HERE), undefined)
}

beforeEach(() => {
  now = Date.parse('2026-11-24T12:00:00Z')
  origin = HERE.origin
  passkeys = createPasskeys({ store: memoryStore(), clock: { now: () => now }, origin: () => origin })
  key = createSoftwareAuthenticator()
})

describe('passkeys', () => {
  it('are added, listed, and removed with their proof', async () => {
    const added = await register()
    expect(passkeys.of(ada)).toMatchObject([{ id: added.id, name: 'laptop', createdAt: now, lastUsedAt: null }])
    expect(passkeys.of(ben)).toEqual([])
    const proof = key.get((await passkeys.beginProof(ada, 'remove'))!, HERE)
    expect(await passkeys.remove(ada, added.id, proof)).toBe(true)
    expect(passkeys.of(ada)).toEqual([])
  })

  it('another is added only with one that is there', async () => {
    await register()
    const second = createSoftwareAuthenticator()
    const make = async () => second.create(await passkeys.beginAdd(ada), HERE)
    await expect(passkeys.add(ada, 'phone', await make(), undefined)).rejects.toMatchObject({ kind: 'missing' })
    const own = second.get((await passkeys.beginProof(ada, 'add'))!, HERE)
    await expect(passkeys.add(ada, 'phone', await make(), own)).rejects.toMatchObject({ kind: 'wrong' })
    // A proof for removing is none for adding.
    const other = key.get((await passkeys.beginProof(ada, 'remove'))!, HERE)
    await expect(passkeys.add(ada, 'phone', await make(), other)).rejects.toMatchObject({ kind: 'wrong' })
    const proof = key.get((await passkeys.beginProof(ada, 'add'))!, HERE)
    await passkeys.add(ada, 'phone', await make(), proof)
    expect(passkeys.of(ada)).toHaveLength(2)
  })

  it.each([
    ['another origin', { ...HERE, origin: 'https://evil.example' }],
    ['another relying party', { ...HERE, rpId: 'evil.example' }],
  ])('are not taken from %s', async (_what, place) => {
    const options = await passkeys.beginAdd(ada)
    await expect(passkeys.add(ada, 'x', key.create(options, place), undefined)).rejects.toMatchObject({ kind: 'wrong' })
  })

  it('are not taken without the person’s own verification, late, twice, or from another’s challenge', async () => {
    key.verifies = false
    await expect(register()).rejects.toMatchObject({ kind: 'wrong' })
    key.verifies = true
    const late = key.create(await passkeys.beginAdd(ada), HERE)
    now += 5 * 60_000
    await expect(passkeys.add(ada, 'x', late, undefined)).rejects.toMatchObject({ kind: 'wrong' })
    const bens = key.create(await passkeys.beginAdd(ben), HERE)
    await expect(passkeys.add(ada, 'x', bens, undefined)).rejects.toMatchObject({ kind: 'wrong' })
    const once = key.create(await passkeys.beginAdd(ada), HERE)
    await passkeys.add(ada, 'x', once, undefined)
    await expect(passkeys.add(ben, 'x', once, undefined)).rejects.toMatchObject({ kind: 'wrong' })
  })

  it('cannot be where browsers make none, and that is said', async () => {
    origin = 'http://127.0.0.1:8443'
    await expect(register()).rejects.toMatchObject({ kind: 'host-name', message: expect.stringContaining('web.publicUrl') })
  })
})

describe('a decision that is signed', () => {
  const sign = async (what = bound, owner = ada, with_ = key) => with_.get(await passkeys.beginDecision(owner, what), HERE)

  it('holds for this request, revision and decision, once', async () => {
    await register()
    const proof = await sign()
    await passkeys.proveDecision(ada, bound, proof)
    expect(passkeys.of(ada)[0]?.lastUsedAt).toBe(now)
    await expect(passkeys.proveDecision(ada, bound, proof)).rejects.toMatchObject({ kind: 'wrong' })
  })

  it.each([
    ['another request', { ...bound, approval: 219 }],
    ['another revision', { ...bound, revision: 4 }],
    ['the other decision', { ...bound, decision: 'deny' as const }],
  ])('does not hold for %s', async (_what, other) => {
    await register()
    await expect(passkeys.proveDecision(ada, other, await sign())).rejects.toMatchObject({ kind: 'wrong' })
  })

  it('is not another person’s, not by a copied key, and not unverified', async () => {
    await register()
    const bens = createSoftwareAuthenticator()
    await register(ben, bens)
    await expect(passkeys.proveDecision(ada, bound, bens.get(await passkeys.beginDecision(ada, bound), HERE))).rejects.toMatchObject({
      kind: 'wrong',
    })
    await expect(passkeys.proveDecision(ada, bound, await sign(bound, ben, bens))).rejects.toMatchObject({ kind: 'wrong' })
    key.counter = 0
    await expect(passkeys.proveDecision(ada, bound, await sign())).rejects.toMatchObject({ kind: 'wrong' })
    key.counter = 50
    key.verifies = false
    await expect(passkeys.proveDecision(ada, bound, await sign())).rejects.toMatchObject({ kind: 'wrong' })
    key.verifies = true
    await passkeys.proveDecision(ada, bound, await sign())
  })

  it('cannot begin without a passkey, nor after an admin took them back', async () => {
    await expect(passkeys.beginDecision(ada, bound)).rejects.toMatchObject({ kind: 'none' })
    await register()
    expect(passkeys.removeAll(ada)).toBe(1)
    await expect(passkeys.beginDecision(ada, bound)).rejects.toMatchObject({ kind: 'none' })
  })
})

describe('a rule that demands a passkey', () => {
  const request = { id: 218, revision: 3, passkey: true }
  it('lets only what was signed decide', () => {
    expect(refusePasskey({ ...request, passkey: false }, 'approve', undefined)).toBeUndefined()
    expect(refusePasskey(request, 'approve', undefined)).toContain('signed with your passkey')
    expect(refusePasskey(request, 'approve', bound)).toBeUndefined()
    expect(refusePasskey(request, 'deny', bound)).toBeDefined()
    expect(refusePasskey({ ...request, revision: 4 }, 'approve', bound)).toBeDefined()
    expect(refusePasskey({ ...request, id: 219 }, 'approve', bound)).toBeDefined()
  })
})
