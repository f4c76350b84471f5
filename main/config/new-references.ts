import type { KeyPath } from './document.ts'

const REFERENCE = /\$\{(?:env|file):[^}]*\}/g

/**
 * References to files and variables of the host that the other configuration does not have. Who may change the configuration over the API is not
 * for that one who may read the host's disk: a password `${file:/etc/shadow}` would be sent to whatever server the connection names.
 */
export function newReferences(value: unknown, known: unknown): { readonly path: KeyPath; readonly reference: string }[] {
  const before = new Set(referencesIn(known).map(({ reference }) => reference))
  return referencesIn(value).filter(({ reference }) => !before.has(reference))
}

function referencesIn(value: unknown): { path: KeyPath; reference: string }[] {
  const found: { path: KeyPath; reference: string }[] = []
  walk(value, [])
  return found

  function walk(node: unknown, path: KeyPath): void {
    if (typeof node === 'string') for (const [reference] of node.matchAll(REFERENCE)) found.push({ path, reference })
    else if (node !== null && typeof node === 'object') {
      for (const [key, item] of Object.entries(node)) walk(item, [...path, Array.isArray(node) ? Number(key) : key])
    }
  }
}
