/** PostgreSQL's text form of its node trees (`nodeToString`, nodes/outfuncs.c): `{TYPE :field value …}`, lists in parentheses, sets as `(b 1 2)`. */
export interface NodeText {
  readonly type: string
  readonly fields: ReadonlyMap<string, NodeValue>
}
export type NodeValue = NodeText | string | undefined | readonly NodeValue[]

export function parseNodes(text: string): NodeValue {
  let place = 0
  const token = /\s*(\{|\}|\(|\)|"(?:[^"\\]|\\[\s\S])*"|(?:[^\s{}()\\"]|\\[\s\S])+)/y
  const next = (): string | undefined => {
    token.lastIndex = place
    const found = token.exec(text)
    if (found === null) return undefined
    place = token.lastIndex
    return found[1]
  }
  const peek = (): string | undefined => {
    const kept = place
    const found = next()
    place = kept
    return found
  }

  function value(): NodeValue {
    const first = next()
    if (first === '{') return node()
    if (first === '(') return list()
    return first === '<>' ? undefined : first
  }
  function list(): NodeValue[] {
    const all: NodeValue[] = []
    for (let one = peek(); one !== ')' && one !== undefined; one = peek()) all.push(value())
    next()
    return all
  }
  function node(): NodeText {
    const type = next() ?? ''
    const fields = new Map<string, NodeValue>()
    for (let name = next(); name !== '}' && name !== undefined; name = next()) {
      if (!name.startsWith(':')) continue
      const values: NodeValue[] = []
      for (let one = peek(); one !== undefined && one !== '}' && !one.startsWith(':'); one = peek()) values.push(value())
      fields.set(name.slice(1), values.length <= 1 ? values[0] : values)
    }
    return { type, fields }
  }
  return value()
}

export const isNode = (value: NodeValue): value is NodeText => typeof value === 'object' && !Array.isArray(value)
export const listOf = (value: NodeValue): readonly NodeValue[] => (Array.isArray(value) ? value : [])
export const numberOf = (value: NodeValue): number => Number(typeof value === 'string' ? value : 0)
/** A Bitmapset's members: `(b 8 9)`. */
export const membersOf = (value: NodeValue): readonly number[] => listOf(value).slice(1).map(numberOf)
