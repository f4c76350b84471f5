import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

export type KeyPath = readonly (string | number)[]

export interface Place {
  /** 1-based. */
  readonly line: number
  readonly column: number
}

/** A YAML text that knows where each of its values stands. */
export interface ConfigDocument {
  /** The values as plain JavaScript; undefined when the text is not YAML. */
  readonly value: unknown
  /** What the YAML parser had to say. */
  readonly problems: readonly (Place & { readonly message: string })[]
  /** The text at this path as it was written, before references are replaced. */
  textAt(path: KeyPath): string | undefined
  /** Where the value at this path stands, or the nearest thing around it that exists. */
  placeOf(path: KeyPath): Place
  /** Where a key of the mapping at this path stands. */
  placeOfKey(path: KeyPath, key: string): Place
}

/** `connections[0].limits.rows` */
export function pathText(path: KeyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const key = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part)
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** Parses YAML 1.2. Duplicate keys, unknown tags and a second document in the file are problems. */
export function parseYaml(text: string): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
    logLevel: 'error',
  })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const problems = [...document.errors, ...document.warnings].map((e) => ({ ...at(e.pos[0]), message: e.message }))

  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)
  const pairOf = (node: unknown, key: string | number) => {
    const map = resolve(node)
    return isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key)) : undefined
  }
  const child = (node: unknown, key: string | number): unknown => {
    const list = resolve(node)
    return isSeq(list) && typeof key === 'number' ? list.items[key] : pairOf(node, key)?.value
  }
  const placeOfNode = (node: unknown): Place => at((node as Node | null)?.range?.[0] ?? 0)

  const placeOfKey = (path: KeyPath, key: string): Place => {
    const parent = path.reduce<unknown>(child, document.contents)
    const pair = pairOf(parent, key)
    return pair === undefined ? placeOf(path) : placeOfNode(pair.key)
  }
  const placeOf = (path: KeyPath): Place => {
    let node: unknown = document.contents
    let known = placeOfNode(node)
    for (const [depth, key] of path.entries()) {
      const next = child(node, key)
      if (next === undefined || next === null) {
        return typeof key === 'string' && pairOf(node, key) !== undefined ? placeOfKey(path.slice(0, depth), key) : known
      }
      node = next
      known = placeOfNode(node)
    }
    return known
  }
  const textAt = (path: KeyPath): string | undefined => {
    const node = resolve(path.reduce<unknown>(child, document.contents))
    return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
  }
  return {
    textAt,
    value: document.errors.length > 0 ? undefined : plainValue(() => document.toJS(), problems),
    problems,
    placeOf,
    placeOfKey,
  }
}

/** Aliases that multiply beyond the parser's bound are a problem of the text, not of the program. */
function plainValue(read: () => unknown, problems: (Place & { message: string })[]): unknown {
  try {
    return read()
  } catch (error) {
    problems.push({ line: 1, column: 1, message: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}
