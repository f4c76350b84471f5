import type { KeyPath } from './document.ts'
import { configSchema } from './schema.ts'
import { findSecrets } from './secret-places.ts'

/** A kept credential whose entry leads elsewhere. */
export interface MovedSecret {
  /** Of the entry. */
  readonly path: KeyPath
  /** `host`: what differs. */
  readonly differs: string
}

type Entry = Readonly<Record<string, unknown>>

/** Keys that say where a credential goes. */
const DESTINATION = new Set(['host', 'port', 'address', 'namespace', 'issuer', 'url', 'entryPoint'])
const STRENGTH = ['disable', 'require', 'verify-full']

/**
 * Entries that keep a credential by reference, or say nothing of it, and lead to another server than in each trusted text, or to the same with less
 * proof of who it is. A credential goes only where it was written for. `kept`: the vault has it.
 */
export function movedSecrets(value: unknown, trusted: readonly unknown[], kept: (name: string) => boolean): MovedSecret[] {
  const before = trusted.map((one) => new Map(entriesOf(one).map((entry) => [entry.place, entry])))
  return entriesOf(value).flatMap(({ place, path, entry, references, name }) => {
    if (references.length === 0) return []
    const candidates = before
      .flatMap((texts) => texts.get(place) ?? [])
      .filter((old) => references.every((one) => old.references.includes(one)))
    if (candidates.length === 0) {
      // Named for the first time: nothing is carried, unless the vault still has what another of that name left.
      const left = references.some((one) => one.startsWith('${vault:') && kept(one.slice('${vault:'.length, -1)))
      return left ? [{ path, differs: `the credential of another "${name}"` }] : []
    }
    const differences = candidates.map((old) => differenceOf(old.entry, entry))
    const differs = differences.includes(undefined) ? undefined : differences[0]
    return differs === undefined ? [] : [{ path, differs }]
  })
}

/** What leads elsewhere, or undefined. */
function differenceOf(old: Entry, now: Entry): string | undefined {
  const [before, after] = [destinationOf(old), destinationOf(now)]
  const key = [...new Set([...before.keys(), ...after.keys()])].find((one) => before.get(one) !== after.get(one))
  if (key !== undefined) return key
  return strengthOf(now) < strengthOf(old) ? 'tls' : undefined
}

function destinationOf(entry: Entry, at = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, item] of Object.entries(entry)) {
    if (DESTINATION.has(key)) found.set(`${at}${key}`, JSON.stringify(key === 'port' ? Number(item) : item))
    else if (isEntry(item)) for (const [inner, text] of destinationOf(item, `${at}${key}.`)) found.set(inner, text)
  }
  if (at === '' && 'host' in entry && !found.has('port')) found.set('port', '5432')
  return found
}

const strengthOf = ({ tls }: Entry): number => (typeof tls === 'string' ? STRENGTH.indexOf(tls) : STRENGTH.length - 1)
const isEntry = (value: unknown): value is Entry => value !== null && typeof value === 'object' && !Array.isArray(value)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Each part of a configuration that has a credential and somewhere to send it. */
function entriesOf(value: unknown) {
  if (!isEntry(value)) return []
  const identity = isEntry(value['identity']) ? value['identity'] : {}
  const parts: { readonly path: KeyPath; readonly entry: unknown }[] = [
    ...listOf(value['connections']).map((entry, i) => ({ path: ['connections', i], entry })),
    ...listOf(identity['providers']).map((entry, i) => ({ path: ['identity', 'providers', i], entry })),
    ...listOf(value['notify']).map((entry, i) => ({ path: ['notify', i], entry })),
    { path: ['siem'], entry: value['siem'] },
  ]
  const secrets = findSecrets(configSchema, value)
  return parts.flatMap(({ path, entry }) => {
    if (!isEntry(entry)) return []
    const name = typeof entry['name'] === 'string' ? entry['name'] : ''
    const within = secrets.filter((secret) => path.every((key, i) => secret.path[i] === key)).map(({ text }) => text)
    // A connection that says nothing of its password has it in the vault.
    const silent = path[0] === 'connections' && !('password' in entry) && !('credentials' in entry)
    const texts = silent ? [...within, `\${vault:connections.${name}.password}`] : within
    return [{ path, entry, name, place: JSON.stringify([path[0], name]), references: texts.filter((text) => text.startsWith('${')) }]
  })
}
