import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KeyPath } from './document.ts'

/** Sections whose texts may be `${env:NAME}` or `${file:PATH}`. Rules and masks stay readable where they stand. */
const SECTIONS = new Set(['proxy', 'web', 'identity', 'connections', 'siem', 'notify'])
const REFERENCE = /\$\{([^}:]*)(?::([^}]*))?\}/g
const FORMS = `\${env:NAME} for an environment variable, \${file:PATH} for a file (relative to the configuration), \${vault:NAME} for what the host's vault keeps`
const MAX_SECRET_BYTES = 64 * 1024

export interface ReferenceFault {
  readonly path: KeyPath
  readonly message: string
  readonly allowed: string
}

export interface Resolved {
  readonly value: unknown
  readonly faults: readonly ReferenceFault[]
  /** Values that came from a reference: never shown. */
  readonly hidden: (path: KeyPath) => boolean
  /** Could not be read: other faults about the same value would only repeat it. */
  readonly failed: (path: KeyPath) => boolean
}

/** What the host's vault keeps under a name. */
export type ReadVault = (name: string) => string | undefined

/** What stands for a value of the vault where no vault is at hand (`sallyport check`), and for a credential that has not been written yet. */
export const NOT_AT_HAND = '\u{0}not at hand'

export interface ReferenceSources {
  /** What relative paths are relative to. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Undefined: what the vault keeps is taken to be there. */
  readonly vault: ReadVault | undefined
}

/** Replaces each reference by what it names. Nothing of the value is ever part of a fault. */
export function resolveReferences(value: unknown, { folder, env, vault }: ReferenceSources): Resolved {
  const faults: ReferenceFault[] = []
  const hidden = new Set<string>()
  const failed = new Set<string>()
  const keyOf = (path: KeyPath) => JSON.stringify(path)

  const readOne = (form: string, name: string): string | Omit<ReferenceFault, 'path'> => {
    if (form === 'env') {
      const text = env[name]
      if (text !== undefined && text !== '') return text
      return {
        message: `the environment variable ${name} is ${text === undefined ? 'not set' : 'empty'}.`,
        allowed: `set ${name} before starting`,
      }
    }
    if (form === 'file') return readSecretFile(resolve(folder, name), name)
    if (form === 'vault') {
      const kept = vault === undefined ? NOT_AT_HAND : vault(name)
      // A connection may be made before its credential is written.
      if (kept !== undefined || name.startsWith('connections.')) return kept ?? NOT_AT_HAND
      return { message: `the vault keeps nothing under the name ${name}.`, allowed: 'a name that it keeps, or the secret itself once more' }
    }
    return { message: `"\${…}" is not a kind of reference that is known here.`, allowed: FORMS }
  }

  const replace = (text: string, path: KeyPath): string => {
    const inSection = SECTIONS.has(String(path[0]))
    return text.replace(REFERENCE, (whole, form: string, name = '') => {
      const fault = (f: Omit<ReferenceFault, 'path'>) => {
        faults.push({ path, ...f })
        failed.add(keyOf(path))
        return whole
      }
      if (!inSection && form !== 'env' && form !== 'file' && form !== 'vault') return whole
      if (!inSection) {
        return fault({
          message: 'a reference cannot stand here.',
          allowed: `references in ${[...SECTIONS].join(', ')}; here the text itself`,
        })
      }
      hidden.add(keyOf(path))
      const result = readOne(form, name)
      return typeof result === 'string' ? result : fault(result)
    })
  }

  const walk = (node: unknown, path: KeyPath): unknown => {
    if (typeof node === 'string') return replace(node, path)
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]))
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]))
  }

  return { value: walk(value, []), faults, hidden: (path) => hidden.has(keyOf(path)), failed: (path) => failed.has(keyOf(path)) }
}

/** The text of a secret's file, without the line end that editors add. */
function readSecretFile(path: string, name: string): string | Omit<ReferenceFault, 'path'> {
  try {
    const found = statSync(path)
    // A device or a pipe would never come to its end.
    if (!found.isFile() && !found.isDirectory()) return { message: `${name} is not a file.`, allowed: 'a file that holds the secret' }
    if (found.size > MAX_SECRET_BYTES) return { message: `the file ${name} is too long for a secret.`, allowed: 'at most 64 KiB' }
    const text = readFileSync(path, 'utf8')
    const trimmed = text.replace(/\r?\n$/, '')
    return trimmed === '' ? { message: `the file ${name} is empty.`, allowed: 'a file that holds the secret' } : trimmed
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    return { message: `the file ${name} cannot be read (${code}).`, allowed: 'a file that this user can read' }
  }
}
