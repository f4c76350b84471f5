/** Where a cursor stands in a YAML text, as far as completion asks: in which mapping, and whether a key or a value is being typed. */
export interface YamlPlace {
  /** Keys from the outside in; `[]` is an entry of a list. */
  readonly path: readonly string[]
  /** The key whose value is typed; undefined: a key is typed. */
  readonly key: string | undefined
  readonly typed: string
}

/** By indentation and brackets; brackets are followed within the line only. */
export function placeAt(text: string, position: number): YamlPlace {
  const lines = text.slice(0, position).split('\n')
  const line = lines.pop() ?? ''
  const [, space = '', dashes = '', rest = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(line) ?? []
  const path = pathAbove(lines, space.length, dashes !== '')
  if (dashes !== '') path.push('[]')
  const block = /^([\w-]+):(?:\s+|$)(.*)$/.exec(rest)
  const inside = block ? [...path, block[1] ?? ''] : path
  return inFlow(block ? (block[2] ?? '') : rest, block ? inside : path, block?.[1])
}

interface Open {
  readonly list: boolean
  key: string | undefined
}

/** Reads on from the end of the block's part of the line. `key`: the block key before it. */
function inFlow(text: string, path: readonly string[], key: string | undefined): YamlPlace {
  const open: Open[] = []
  let token = ''
  let quote = ''
  for (const char of text) {
    if (quote !== '') {
      if (char === quote) quote = ''
      token += char
    } else if (char === '"' || char === "'") {
      quote = char
      token += char
    } else if (char === '{' || char === '[') {
      open.push({ list: char === '[', key: undefined })
      token = ''
    } else if (char === '}' || char === ']') {
      open.pop()
      token = ''
    } else if (char === ',') {
      const top = open.at(-1)
      if (top) top.key = undefined
      token = ''
    } else if (char === ':' && open.length > 0) {
      const top = open.at(-1)
      if (top) top.key = token.trim()
      token = ''
    } else token += char
  }
  const typed = token.trimStart()
  if (open.length === 0) return key === undefined ? { path, key: undefined, typed } : { path: path.slice(0, -1), key, typed }
  const deep = [...path]
  open.forEach((each, at) => {
    if (at < open.length - 1 && each.key !== undefined) deep.push(each.key)
    if (each.list) deep.push('[]')
  })
  const top = open.at(-1)
  if (top?.list) return { path: deep.slice(0, -1), key: '[]', typed }
  return { path: deep, key: top?.key, typed }
}

/** Keys and lists that a line of this indentation stands in. */
function pathAbove(lines: readonly string[], indent: number, inList: boolean): string[] {
  const path: string[] = []
  let limit = indent
  let dashed = inList
  for (let at = lines.length - 1; at >= 0 && (limit > 0 || dashed); at--) {
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const [, space = '', dashes = '', rest = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(line) ?? []
    const lead = space.length
    const key = /^([\w-]+):\s*(?:#.*)?$/.exec(rest)?.[1]
    if (dashes === '') {
      if (key === undefined || !(lead < limit || (dashed && lead === limit))) continue
      path.unshift(key)
      limit = lead
      dashed = false
    } else if (limit > lead) {
      if (key !== undefined && limit > lead + dashes.length) path.unshift(key)
      path.unshift('[]')
      limit = lead
      dashed = true
    }
  }
  return path
}
