import { isDeepStrictEqual } from 'node:util'
import { type Node, parseDocument } from 'yaml'
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
  // Block texts, anchors and their like: the document is written anew.
  for (const { path, name } of places) document.setIn(path, document.createNode(`\${vault:${name}}`))
  return { text: document.toString({ lineWidth: 0 }), secrets }
}

/** Whether only the credentials have changed. */
function stands(text: string, before: unknown, places: readonly SecretPlace[]): boolean {
  const document = parseDocument(text, { version: '1.2' })
  if (document.errors.length > 0) return false
  const expected = parseDocument(JSON.stringify(before), { version: '1.2' })
  for (const { path, name } of places) expected.setIn(path, `\${vault:${name}}`)
  return isDeepStrictEqual(document.toJS(), expected.toJS())
}
