import { isDeepStrictEqual } from 'node:util'
import { Document, type Node, parseDocument } from 'yaml'
import { configSchema } from './schema.ts'
import { findSecrets, type SecretPlace } from './secret-places.ts'

const WHOLE_REFERENCE = /^\$\{(?:env|file|vault):[^}]*\}$/

/** A text in which every credential is a reference, and what has to be in the vault for it. */
export interface KeptSecrets {
  readonly text: string
  readonly secrets: readonly { readonly name: string; readonly secret: string }[]
}

/** The credentials that stand in the text themselves, not as references. */
export function writtenOut(value: unknown): SecretPlace[] {
  return findSecrets(configSchema, value).filter(({ text }) => !WHOLE_REFERENCE.test(text))
}

/**
 * Takes every credential that is written out of the text, and puts a reference to the vault in its place; all else stays byte by byte. The text is YAML
 * without faults.
 */
export function keepSecrets(text: string): KeptSecrets {
  const document = parseDocument(text, { version: '1.2' })
  const places = writtenOut(document.toJS())
  if (places.length === 0) return { text, secrets: [] }
  const edits = places.map(({ path, name }) => {
    const node = document.getIn(path, true) as Node | undefined
    const [start, end] = node?.range ?? [0, 0]
    return { start, end, reference: JSON.stringify(`\${vault:${name}}`), name }
  })
  const secrets = places.map(({ name, text: secret }) => ({ name, secret }))
  const spliced = edits
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, reference }) => `${rest.slice(0, start)}${reference}${rest.slice(end)}`, text)
  if (stands(spliced, document.toJS(), places)) return { text: spliced, secrets }
  // Anchors and their like: the whole is written anew, from its values.
  return {
    text: new Document(withReferences(document.toJS(), places), { version: '1.2', aliasDuplicateObjects: false }).toString({
      lineWidth: 0,
    }),
    secrets,
  }
}

function withReferences(value: unknown, places: readonly SecretPlace[]): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value))
  for (const { path, name } of places) {
    const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], copy)
    ;(parent as Record<string | number, unknown>)[path.at(-1) ?? ''] = `\${vault:${name}}`
  }
  return copy
}

/** Whether only the credentials have changed. */
function stands(text: string, before: unknown, places: readonly SecretPlace[]): boolean {
  const document = parseDocument(text, { version: '1.2' })
  if (document.errors.length > 0) return false
  return isDeepStrictEqual(document.toJS(), withReferences(before, places))
}
