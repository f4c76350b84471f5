import { isDeepStrictEqual } from 'node:util'
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'

/**
 * The text with these sections as given: a key of the file's top level and its value, or undefined to take it out. Other sections stay byte by byte,
 * and within a section the comments beside what stays. The text is YAML without faults, a mapping.
 */
export function replaceSections(text: string, sections: Readonly<Record<string, unknown>>): string {
  let edited = text
  for (const [key, value] of Object.entries(sections)) edited = replaceSection(edited, key, value)
  return edited
}

function replaceSection(text: string, key: string, value: unknown): string {
  const document = parseDocument(text, { version: '1.2', keepSourceTokens: true })
  const before = (document.toJS() ?? {}) as Record<string, unknown>
  const expected = { ...before, [key]: value }
  if (value === undefined) delete expected[key]
  if (isDeepStrictEqual(before, expected)) return text
  const spliced = spliceSection(text, document, key, value)
  if (spliced !== undefined && isDeepStrictEqual(parseDocument(spliced, { version: '1.2' }).toJS(), expected)) return spliced
  return rewrite(text, key, value, expected)
}

/** Only the lines of this section are written anew. Undefined: they cannot be told from what is around them. */
function spliceSection(text: string, document: Document, key: string, value: unknown): string | undefined {
  const map = document.contents
  if (!isMap(map) || map.flow === true) return undefined
  const pair = map.items.find((one) => isScalar(one.key) && one.key.value === key)
  if (pair === undefined) return value === undefined ? text : `${text.replace(/\n*$/, '\n')}${write({ [key]: value })}`
  const start = (pair.key as Node).range?.[0]
  const end = ((pair.value as Node | null) ?? (pair.key as Node)).range?.[2]
  if (start === undefined || end === undefined) return undefined
  if (value === undefined) return `${text.slice(0, start)}${text.slice(end)}`
  const alone = parseDocument(text.slice(start, end), { version: '1.2' })
  if (alone.errors.length > 0 || !isMap(alone.contents)) return undefined
  merge(alone, alone.contents, { [key]: value })
  return `${text.slice(0, start)}${print(alone)}${text.slice(end)}`
}

/** As the library writes it, but lists without spaces inside their brackets, as people write them. */
function print(document: Document): string {
  const text = document.toString({ lineWidth: 0 }).replace(/\n*$/, '\n')
  const tight = text.replace(/\[ ((?:"(?:[^"\\\n]|\\.)*"|[^[\]"'#{}\n])*) \]/g, '[$1]')
  return isDeepStrictEqual(parseDocument(tight, { version: '1.2' }).toJS(), document.toJS()) ? tight : text
}

function rewrite(text: string, key: string, value: unknown, expected: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text, { version: '1.2' })
  // JSON, which has no comments: from now on it is written as people write YAML.
  if (!isMap(document.contents) || document.contents.flow === true) return write(expected)
  if (value === undefined) document.contents.delete(key)
  else merge(document, document.contents, expected)
  const written = print(document)
  // Anchors that a section shared with another.
  return isDeepStrictEqual(parseDocument(written, { version: '1.2' }).toJS(), expected) ? written : write(expected)
}

function write(value: unknown): string {
  const document = parseDocument('', { version: '1.2' })
  document.contents = create(document, value) as never
  return print(document)
}

/** Makes a node say `value` and keeps what says it already, with its comments. */
function merge(document: Document, node: YAMLMap, value: Readonly<Record<string, unknown>>): void {
  const known = new Map(node.items.map((pair) => [keyOf(pair), pair]))
  node.items = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => {
      const pair = known.get(key)
      if (pair === undefined) return document.createPair(key, create(document, item))
      pair.value = mergeNode(document, pair.value as Node | null, item)
      return pair
    })
}

function mergeNode(document: Document, node: Node | null, value: unknown): Node {
  if (node !== null && isDeepStrictEqual(node.toJS(document), value)) return node
  if (isMap(node) && value !== null && typeof value === 'object' && !Array.isArray(value)) {
    merge(document, node, value as Record<string, unknown>)
    return node
  }
  if (isSeq(node) && Array.isArray(value)) return mergeList(document, node, value)
  const made = create(document, value)
  if (node !== null) {
    made.comment = node.comment ?? null
    made.commentBefore = node.commentBefore ?? null
  }
  return made
}

/** Entries are known again as what they were, else by their name, else by what they have most in common with. */
function mergeList(document: Document, node: YAMLSeq, value: readonly unknown[]): YAMLSeq {
  const old = node.items.map((item) => ({ node: item as Node, says: (item as Node).toJS(document) as unknown }))
  const pairs = value.flatMap((wanted, place) =>
    old.map((one) => ({ place, one, like: likeness(one.says, wanted) })).filter(({ like }) => like > 0),
  )
  const known = new Map<number, Node>()
  const taken = new Set<Node>()
  for (const { place, one } of pairs.sort((a, b) => b.like - a.like)) {
    if (known.has(place) || taken.has(one.node)) continue
    known.set(place, one.node)
    taken.add(one.node)
  }
  node.items = value.map((wanted, place) => {
    const like = known.get(place)
    return like === undefined ? create(document, wanted, true) : mergeNode(document, like, wanted)
  })
  return node
}

/** The same before the same name, before what has most in common; entries with different names are different things. */
function likeness(one: unknown, other: unknown): number {
  if (isDeepStrictEqual(one, other)) return Number.MAX_SAFE_INTEGER
  const [a, b] = [nameIn(one), nameIn(other)]
  if (a !== undefined || b !== undefined) return a === b ? Number.MAX_SAFE_INTEGER - 1 : 0
  return inCommon(one, other)
}

/** How many of their keys say the same. */
function inCommon(one: unknown, other: unknown): number {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return 0
  const entries = new Map(Object.entries(one))
  return Object.entries(other).filter(([key, item]) => entries.has(key) && isDeepStrictEqual(entries.get(key), item)).length
}

const MAX_FLOW = 140

/** Lists of words and short entries of lists stand on one line, as people write them. */
function create(document: Document, value: unknown, inList = false): Node {
  const node = document.createNode(value) as Node
  const short = JSON.stringify(value).length <= MAX_FLOW
  if (isSeq(node)) {
    const items = value as readonly unknown[]
    if (short && items.every((item) => item === null || typeof item !== 'object')) node.flow = true
    else node.items = items.map((item) => create(document, item, true))
  } else if (isMap(node)) {
    if (short && inList) node.flow = true
    for (const pair of node.items) pair.value = create(document, (value as Readonly<Record<string, unknown>>)[keyOf(pair)])
  }
  return node
}

const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key)

function nameIn(item: unknown): string | undefined {
  const name = item !== null && typeof item === 'object' && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : undefined
}
