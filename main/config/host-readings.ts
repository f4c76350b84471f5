import type { KeyPath } from './document.ts'
import { namedLeaves } from './named-path.ts'
import { configSchema } from './schema.ts'
import { findSecrets } from './secret-places.ts'

const REFERENCE = /\$\{(?:env|file|vault):[^}]*\}/

/** Something that the host would read from its disk, its environment or its vault. */
export interface HostReading {
  readonly path: KeyPath
  /** `${env:NAME}`, or the path of a file. */
  readonly what: string
}

/**
 * What a configuration would have the host read that none of the trusted ones has at the same place. Who may send a text over the API is not for that
 * one who may read the host's disk, environment or vault: a reference in a name would come back in a fault, one in a host name in a question to
 * the DNS. Asked before anything is read. A credential may always be the one that the vault keeps for that very place.
 */
export function newReadings(value: unknown, trusted: readonly unknown[]): HostReading[] {
  const known = new Set(trusted.flatMap((one) => readingsIn(one).map(({ place, text }) => `${place} ${text}`)))
  const own = new Set(
    findSecrets(configSchema, value)
      .filter(({ name, text }) => text === `\${vault:${name}}`)
      .map(({ path }) => JSON.stringify(path)),
  )
  return readingsIn(value)
    .filter(({ path, place, text }) => !known.has(`${place} ${text}`) && !own.has(JSON.stringify(path)))
    .map(({ path, text }) => ({ path, what: REFERENCE.exec(text)?.[0] ?? text }))
}

function readingsIn(value: unknown) {
  return [...namedLeaves(value)].filter(({ path, text }) => REFERENCE.test(text) || isFile(path))
}

/** Where the configuration names a PEM file by its path. */
function isFile(path: KeyPath): boolean {
  const [last, before] = [path.at(-1), path.at(-2)]
  return last === 'ca' || last === 'certificate' || (before === 'tls' && (last === 'cert' || last === 'key'))
}
