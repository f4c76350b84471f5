export interface SqlWord {
  readonly kind: 'word' | 'quoted' | 'sign' | 'other'
  /** Words in lower case, quoted names without their quotes. */
  readonly text: string
  /** UTF-16 place in the text. */
  readonly start: number
  readonly end: number
  /** How many parentheses are open around it. */
  readonly depth: number
}

/**
 * Cuts SQL into words for the plain sentence. It knows PostgreSQL's comments, strings, dollar quotes and quoted names, so that nothing
 * inside them is taken for a word. It decides nothing: what a statement does comes from the facts, and this only finds the names to say.
 */
export function cutWords(sql: string): SqlWord[] {
  const words: SqlWord[] = []
  let depth = 0
  let at = 0
  while (at < sql.length) {
    const skipped = skipSilent(sql, at)
    if (skipped > at) {
      at = skipped
      continue
    }
    const start = at
    const next = token(sql, at)
    at = next.end
    if (next.text === ')' && next.kind === 'sign') depth = Math.max(0, depth - 1)
    words.push({ kind: next.kind, text: next.text, start, end: at, depth })
    if (next.text === '(' && next.kind === 'sign') depth += 1
  }
  return words
}

function token(sql: string, at: number): { kind: SqlWord['kind']; text: string; end: number } {
  const word = match(/[\p{L}_][\p{L}\p{N}_$]*/uy, sql, at)
  if (word !== undefined) {
    const after = sql[at + word.length]
    if (after === "'" && /^(e|b|x|n)$/i.test(word)) {
      return { kind: 'other', text: '', end: stringEnd(sql, at + word.length, word.toLowerCase() === 'e') }
    }
    return { kind: 'word', text: word.toLowerCase(), end: at + word.length }
  }
  const quoted = match(/"(?:[^"]|"")*"/uy, sql, at)
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.slice(1, -1).replaceAll('""', '"'), end: at + quoted.length }
  if (sql[at] === "'") return { kind: 'other', text: '', end: stringEnd(sql, at, false) }
  const dollar = match(/\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy, sql, at)
  if (dollar !== undefined) {
    const close = sql.indexOf(dollar, at + dollar.length)
    return { kind: 'other', text: '', end: close === -1 ? sql.length : close + dollar.length }
  }
  const number = match(/\$?\p{N}[\p{N}\p{L}_.]*/uy, sql, at)
  if (number !== undefined) return { kind: 'other', text: number, end: at + number.length }
  const sign = match(/[+\-*/<>=~!@#%^&|`?:]+|./suy, sql, at) ?? ''
  return { kind: 'sign', text: sign, end: at + Math.max(1, sign.length) }
}

/** The end of white space or of one comment at `at`. */
function skipSilent(sql: string, at: number): number {
  const space = match(/\s+|--[^\n\r]*/y, sql, at)
  if (space !== undefined) return at + space.length
  if (!sql.startsWith('/*', at)) return at
  let depth = 1
  let end = at + 2
  while (end < sql.length && depth > 0) {
    if (sql.startsWith('/*', end)) {
      depth += 1
      end += 2
    } else if (sql.startsWith('*/', end)) {
      depth -= 1
      end += 2
    } else end += 1
  }
  return end
}

function stringEnd(sql: string, quote: number, backslashes: boolean): number {
  for (let at = quote + 1; at < sql.length; at++) {
    if (backslashes && sql[at] === '\\') at += 1
    else if (sql[at] === "'") {
      if (sql[at + 1] !== "'") return at + 1
      at += 1
    }
  }
  return sql.length
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
