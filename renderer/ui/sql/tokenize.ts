/** What a stretch of SQL is, for display only: nothing is judged by it. */
export type TokenKind = 'keyword' | 'name' | 'literal' | 'comment' | 'parameter' | 'other'

export interface Token {
  readonly kind: TokenKind
  /** UTF-16 units, `[start, end)`. Tokens cover the text without gaps. */
  readonly start: number
  readonly end: number
}

// Words that carry a statement's shape. Types, functions and rarer words stay plain: bold everywhere reads as bold nowhere.
const KEYWORDS = new Set(
  `add all alter analyze and any as asc begin between by cascade case cast check close column commit conflict constraint copy create cross
  current database deallocate declare default delete desc discard distinct do drop else end except execute exists explain false fetch filter
  first following for force foreign from full function grant group having if ilike in index inner insert intersect into is isolation join key
  last lateral left level like limit listen local lock materialized merge natural not nothing notify null nulls of offset on only or order
  outer over partition preceding prepare primary privileges procedure program recursive references refresh release reset restrict returning
  revoke right role rollback row rows savepoint schema select sequence session set share show similar some start table tablesample temp
  temporary then to transaction trigger true truncate unbounded union unique unlisten unlogged update user using vacuum values view when
  where window with within`.split(/\s+/),
)

const WORD_START = /[\p{L}_]/u
const WORD = /[\p{L}\p{N}\p{M}_$]/u
const DIGITS = /^(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?\.?)/

/** PostgreSQL's lexical structure (documentation, section 4.1), as far as colours need it. Total: any text, also a broken one, gives tokens. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const push = (kind: TokenKind, end: number) => {
    const before = tokens.at(-1)
    if (kind === 'other' && before?.kind === 'other') tokens[tokens.length - 1] = { ...before, end }
    else tokens.push({ kind, start: at, end })
    at = end
  }
  while (at < sql.length) {
    const char = sql[at] ?? ''
    const next = sql[at + 1] ?? ''
    if (char === '-' && next === '-') push('comment', lineEnd(sql, at))
    else if (char === '/' && next === '*') push('comment', commentEnd(sql, at))
    else if (char === "'") push('literal', quoteEnd(sql, at, "'", false))
    else if (char === '"') push('name', quoteEnd(sql, at, '"', false))
    else if (/[eEbBxXnN]/.test(char) && next === "'") push('literal', quoteEnd(sql, at + 1, "'", /[eE]/.test(char)))
    else if (/[uU]/.test(char) && next === '&' && /['"]/.test(sql[at + 2] ?? ''))
      push(sql[at + 2] === '"' ? 'name' : 'literal', quoteEnd(sql, at + 2, sql[at + 2] ?? '', false))
    else if (char === '$' && /\d/.test(next)) push('parameter', at + 1 + (/^\d+/.exec(sql.slice(at + 1, at + 12))?.[0].length ?? 0))
    else if (char === '$' && dollarTag(sql, at) !== undefined) push('literal', dollarEnd(sql, at, dollarTag(sql, at) ?? '$$'))
    else if (/\d/.test(char) || (char === '.' && /\d/.test(next)))
      push('literal', at + (DIGITS.exec(sql.slice(at, at + 400))?.[0].length ?? 1))
    else if (WORD_START.test(codePoint(sql, at))) {
      const end = wordEnd(sql, at)
      push(KEYWORDS.has(sql.slice(at, end).toLowerCase()) ? 'keyword' : 'name', end)
    } else push('other', at + codePoint(sql, at).length)
  }
  return tokens
}

const codePoint = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 0)

function lineEnd(sql: string, from: number): number {
  const end = sql.indexOf('\n', from)
  return end < 0 ? sql.length : end
}

/** Comments nest. */
function commentEnd(sql: string, from: number): number {
  let depth = 0
  for (let at = from; at < sql.length; at++) {
    if (sql[at] === '/' && sql[at + 1] === '*') {
      depth++
      at++
    } else if (sql[at] === '*' && sql[at + 1] === '/') {
      depth--
      at++
      if (depth === 0) return at + 1
    }
  }
  return sql.length
}

function quoteEnd(sql: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from + 1; at < sql.length; at++) {
    if (escapes && sql[at] === '\\') at++
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at++
    }
  }
  return sql.length
}

function dollarTag(sql: string, from: number): string | undefined {
  return /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.exec(sql.slice(from, from + 66))?.[0]
}

function dollarEnd(sql: string, from: number, tag: string): number {
  const end = sql.indexOf(tag, from + tag.length)
  return end < 0 ? sql.length : end + tag.length
}

function wordEnd(sql: string, from: number): number {
  let at = from
  while (at < sql.length && WORD.test(codePoint(sql, at))) at += codePoint(sql, at).length
  return Math.max(at, from + 1)
}
