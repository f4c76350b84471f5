import { isMap, isScalar, parseDocument } from 'yaml'

export interface Rebased {
  readonly yaml: string
  /** Sections that both changed: in them the draft's own words stand. */
  readonly both: readonly string[]
}

/**
 * The draft's changes put on what another person saved meanwhile, section by section of the file's top level. Undefined: it cannot be done so, since
 * one of the texts is not a plain YAML mapping.
 */
export function rebase(base: string, mine: string, theirs: string): Rebased | undefined {
  const [was, draft, now] = [sectionsOf(base), sectionsOf(mine), sectionsOf(theirs)]
  if (!was || !draft || !now) return undefined
  let yaml = theirs
  const both: string[] = []
  for (const key of new Set([...was.keys(), ...draft.keys()])) {
    if (was.get(key)?.text === draft.get(key)?.text) continue
    if (now.get(key)?.text === draft.get(key)?.text) continue
    if (was.get(key)?.text !== now.get(key)?.text) both.push(key)
    const at = sectionsOf(yaml)?.get(key)
    const wanted = draft.get(key)?.text ?? ''
    if (at) yaml = `${yaml.slice(0, at.start)}${wanted}${yaml.slice(at.end)}`
    else yaml = `${yaml.replace(/\n*$/, '\n')}${wanted}`
  }
  return parseDocument(yaml).errors.length === 0 ? { yaml, both } : undefined
}

interface Section {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** From each key to the next. */
function sectionsOf(text: string): Map<string, Section> | undefined {
  const document = parseDocument(text)
  const map = document.contents
  if (document.errors.length > 0 || !isMap(map) || map.flow === true) return undefined
  const starts = map.items.flatMap(({ key }) => (isScalar(key) && key.range ? [{ key: String(key.value), start: key.range[0] }] : []))
  if (starts.length !== map.items.length) return undefined
  return new Map(
    starts.map(({ key, start }, at) => {
      const end = starts[at + 1]?.start ?? text.length
      return [key, { text: text.slice(start, end).replace(/\n*$/, '\n'), start, end }]
    }),
  )
}
