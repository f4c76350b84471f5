/**
 * A psql script as psql reads it: statements end at a semicolon outside of quotes, parentheses and BEGIN ATOMIC bodies; `:name` is a
 * variable; backslash commands stand where they stand; COPY's data follow its statement (psql's documentation; psqlscan.l).
 */
export type Step =
  /** `then`: what a `\g…` command does with the result. */
  | { readonly kind: 'sql'; readonly text: string; readonly then: string | undefined; readonly argument: string; readonly line: number }
  | { readonly kind: 'connect'; readonly argument: string }

const MARKS = /'|"|\$[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*\$|\$\$|--|\/\*|\\|;|\(|\)|:|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\n/g

/** Steps in order. `variables` may be changed by the caller between steps, as `\gset` does. */
export function* readScript(text: string, variables: Map<string, string>): Generator<Step> {
  let buffer = ''
  let depth = 0
  let blocks = 0
  let words: string[] = []
  let line = 1
  let started = 1
  const conditions: { active: boolean; taken: boolean }[] = []
  const active = () => conditions.every((one) => one.active)
  let place = 0

  const take = (end: number): void => {
    const piece = text.slice(place, end)
    if (active()) {
      if (buffer.trim() === '') started = line
      buffer += piece
    }
    for (const char of piece) if (char === '\n') line += 1
    place = end
  }
  const flush = (then: string | undefined, argument: string): Step | undefined => {
    const sql = buffer.trim()
    buffer = ''
    depth = 0
    blocks = 0
    words = []
    return sql === '' || sql === ';' ? undefined : { kind: 'sql', text: sql, then, argument, line: started }
  }
  const skipData = (): void => {
    const end = /^\\\.\s*$/m
    end.lastIndex = place
    const rest = text.slice(place)
    const found = end.exec(rest)
    const until = found === null ? text.length : place + found.index + found[0].length
    const kept = buffer
    take(until)
    buffer = kept
  }

  for (;;) {
    MARKS.lastIndex = place
    const mark = MARKS.exec(text)
    if (mark === null) {
      take(text.length)
      const last = flush(undefined, '')
      if (last !== undefined) yield last
      return
    }
    const token = mark[0]
    take(mark.index)
    if (token === "'" || token === '"') take(endOfQuote(text, mark.index, token, /[eE]$/.test(buffer) && !/\w[eE]$/.test(buffer)))
    else if (token.startsWith('$')) {
      const end = /[\w]$/.test(buffer) ? -1 : text.indexOf(token, mark.index + token.length)
      take(end === -1 ? mark.index + 1 : end + token.length)
    } else if (token === '--') take(endOfLine(text, mark.index))
    else if (token === '/*') take(endOfComment(text, mark.index))
    else if (token === '(' || token === ')') {
      depth = Math.max(0, depth + (token === '(' ? 1 : -1))
      take(mark.index + 1)
    } else if (token === ':') {
      const found = active() ? variableAt(text, mark.index, variables) : undefined
      if (found === undefined) take(text[mark.index + 1] === ':' ? mark.index + 2 : mark.index + 1)
      else {
        buffer += found.value
        place = found.end
      }
    } else if (token === ';') {
      take(mark.index + 1)
      if (depth > 0 || blocks > 0 || !active()) continue
      const copies = /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(buffer.replace(/--.*$/gm, ''))
      const step = flush(undefined, '')
      if (step !== undefined) yield step
      if (copies) skipData()
    } else if (token === '\\') {
      const command = /\\(?:;|!|[A-Za-z?+]+|.)/y
      command.lastIndex = mark.index
      const name = command.exec(text)?.[0] ?? '\\'
      if (name === '\\;') {
        if (active()) buffer += ';'
        place = mark.index + 2
        continue
      }
      const end = endOfLine(text, mark.index)
      // Another command may stand in the line.
      const raw = text.slice(mark.index + name.length, end)
      const next = /^\\g/.test(name) ? raw.indexOf(' \\') : -1
      const argument = (next === -1 ? raw : raw.slice(0, next)).trim()
      const until = next === -1 ? end : mark.index + name.length + next
      const held = buffer
      take(until)
      buffer = held
      if (name === '\\if') conditions.push(condition(active() && isTrue(expand(argument, variables))))
      else if (name === '\\elif' || name === '\\else') {
        const last = conditions.at(-1)
        if (last !== undefined) {
          last.active = !last.taken && (name === '\\else' || isTrue(expand(argument, variables)))
          last.taken ||= last.active
        }
      } else if (name === '\\endif') conditions.pop()
      else if (!active()) continue
      else if (name === '\\quit' || name === '\\q') return
      else if (name === '\\set') {
        const [key = '', ...values] = wordsOf(argument)
        variables.set(key, values.map((word) => expand(word, variables)).join(''))
      } else if (name === '\\unset') variables.delete(argument)
      else if (name === '\\getenv') {
        const [key = '', from = ''] = wordsOf(argument)
        const value = variables.get(`env ${from}`)
        if (value !== undefined) variables.set(key, value)
      } else if (name === '\\r' || name === '\\reset') flush(undefined, '')
      else if (name === '\\c' || name === '\\connect') {
        yield { kind: 'connect', argument: expand(argument, variables) }
      } else if (name === '\\copy') {
        if (/\bfrom\s+(stdin|pstdin)\b/i.test(argument)) skipData()
      } else if (/^\\(g|gx|gset|gexec|gdesc|crosstabview|watch)$/.test(name)) {
        const copies = /^\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(buffer)
        const step = flush(name.slice(1), argument)
        if (step !== undefined) yield step
        if (copies) skipData()
      }
    } else if (token === '\n') take(mark.index + 1)
    else {
      take(mark.index + token.length)
      if (words.length < 4) words.push(token.toLowerCase())
      const creates = words[0] === 'create' && words.some((word) => word === 'function' || word === 'procedure')
      if (creates && depth === 0) {
        if (/^begin$/i.test(token) || (blocks > 0 && /^case$/i.test(token))) blocks += 1
        else if (blocks > 0 && /^end$/i.test(token)) blocks -= 1
      }
    }
  }
}

const condition = (on: boolean) => ({ active: on, taken: on })
const isTrue = (text: string): boolean => /^(t|tr|tru|true|y|ye|yes|on|1)$/i.test(text.trim())

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

function endOfQuote(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (escapes && text[at] === '\\') at += 1
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

function endOfComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = from
  let depth = 0
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.index + 2
  }
  return text.length
}

/** `:name`, `:'name'`, `:"name"`, `:{?name}`; undefined if there is none of that name. */
function variableAt(text: string, from: number, variables: ReadonlyMap<string, string>): { value: string; end: number } | undefined {
  const found = /:(?:(\w+)|'(\w+)'|"(\w+)"|\{\?(\w+)\})/y
  found.lastIndex = from
  const match = found.exec(text)
  if (match === null || text[from - 1] === ':') return undefined
  const [whole, bare, literal, name, asked] = match
  const end = from + whole.length
  if (asked !== undefined) return { value: variables.has(asked) ? 'TRUE' : 'FALSE', end }
  const value = variables.get(bare ?? literal ?? name ?? '')
  if (value === undefined) return undefined
  if (literal !== undefined) return { value: `'${value.replaceAll("'", "''")}'`, end }
  return { value: name === undefined ? value : `"${value.replaceAll('"', '""')}"`, end }
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/:(?:(\w+)|'(\w+)'|"(\w+)"|\{\?(\w+)\})|'((?:[^']|'')*)'/g, (whole, bare, literal, name, asked, quoted) => {
    if (quoted !== undefined) return String(quoted).replaceAll("''", "'")
    return variableAt(whole, 0, variables)?.value ?? String(asked ?? bare ?? literal ?? name ?? whole)
  })
}

/** Words of a command's arguments, quotes kept together. */
function wordsOf(text: string): string[] {
  return text.match(/(?:'(?:[^']|'')*'|[^\s'])+/g) ?? []
}
