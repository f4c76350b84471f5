import { parsePlPgSQLSync, type ScanToken, scanSync } from 'libpg-query'
import type { PlDatum, PlNode } from './plpgsql-nodes.ts'
import { nestsComments } from './readable.ts'

/** A body that was read, or why it was not. */
export type ParsedBody =
  | {
      readonly datums: readonly PlNode[]
      readonly action: unknown /** What the library's tree leaves out. */
      readonly defaults: readonly string[]
    }
  | { readonly why: string }

/**
 * Parses a PL/pgSQL body on this thread. `head` ends where the body's literal begins: `DO ` or `CREATE FUNCTION … AS `. The grammar bounds its
 * own nesting, and expressions come out as text, so depth costs no stack here (test `parse-body.test.ts`); `maxBytes` bounds the time.
 */
export function parseBody(head: string, body: string, maxBytes: number): ParsedBody {
  const bytes = Buffer.byteLength(body)
  if (bytes > maxBytes) return { why: `its body has ${bytes} bytes, more than the ${maxBytes} that are read` }
  if (body.includes('\0') || nestsComments(body)) return { why: 'its body has too many comments to be read' }
  try {
    const tree = parsePlPgSQLSync(`${head}'${body.replaceAll("'", "''")}'`) as unknown as {
      readonly plpgsql_funcs?: readonly { readonly PLpgSQL_function?: { readonly datums?: readonly PlNode[]; readonly action?: unknown } }[]
    }
    const made = tree.plpgsql_funcs?.length === 1 ? tree.plpgsql_funcs[0]?.PLpgSQL_function : undefined
    if (made?.action === undefined) return { why: 'its body could not be read' }
    const datums = made.datums ?? []
    const defaults = recordDefaults(body, datums)
    return defaults === undefined ? { why: 'a declaration in its body could not be read' } : { datums, action: made.action, defaults }
  } catch (error) {
    // The library throws plain errors here, for syntax as for what it cannot resolve.
    if (error instanceof RangeError || !(error instanceof Error)) throw error
    return { why: error.message }
  }
}

/**
 * The defaults of variables that hold a row, which the library's tree leaves out: `r customers := (SELECT …)`. A declaration begins behind DECLARE
 * or a semicolon with a name that is followed by its type. Undefined: cannot be told.
 */
function recordDefaults(body: string, datums: readonly PlNode[]): readonly string[] | undefined {
  const records = new Set(
    datums.map((datum) => (datum['PLpgSQL_rec'] as PlDatum | undefined)?.refname).filter((name) => name !== undefined),
  )
  if (![...records].some((name) => name !== 'new' && name !== 'old')) return []
  const tokens = scanSync(body).tokens.filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
  const bytes = Buffer.from(body)
  const found: string[] = []
  for (const [place, token] of tokens.entries()) {
    if (token.tokenName === 'UIDENT' || (token.tokenName === 'IDENT' && token.end - token.start > 63)) return undefined
    const before = tokens[place - 1]?.text
    if (before !== ';' && before?.toUpperCase() !== 'DECLARE') continue
    if (!records.has(foldName(token)) || !/^["\w\x80-\uffff]/.test(tokens[place + 1]?.text ?? '')) continue
    const text = defaultAfter(tokens, place + 1, bytes)
    if (text !== undefined) found.push(text)
  }
  return found
}

function defaultAfter(tokens: readonly ScanToken[], from: number, bytes: Buffer): string | undefined {
  let begins: number | undefined
  let depth = 0
  for (const token of tokens.slice(from)) {
    const { text } = token
    if (text === '(' || text === '[') depth += 1
    else if (text === ')' || text === ']') depth -= 1
    else if (text === ';' && depth <= 0) return begins === undefined ? undefined : bytes.toString('utf8', begins, token.start)
    else if (begins === undefined && depth === 0 && (text === ':=' || text === '=' || text.toUpperCase() === 'DEFAULT')) begins = token.end
  }
  return undefined
}

/** As PostgreSQL folds it: only ASCII letters, and only without quotes. */
function foldName({ text }: ScanToken): string {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"')
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
