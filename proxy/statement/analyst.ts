import type { ParseResult } from '@pgsql/types'
import { loadModule, parseSync } from 'libpg-query'
import type { Catalog } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import { createAlike, type Moved } from './alike.ts'
import type { StatementFacts } from './facts.ts'
import { createFactsCache } from './facts-cache.ts'
import { liftConstants } from './lift-constants.ts'
import { IN_PLACE_BYTES, type Parsed, parseHere, refuseBytes, tooDeep } from './parse.ts'
import { startParserThread } from './parser-thread.ts'
import { factsOf } from './statements.ts'
import { watchConstants } from './watch-constants.ts'

/** The facts of each statement of the text, in order; or why it could not be read (`syntax`, `limit`). */
export type Analysis = { readonly statements: readonly StatementFacts[] } | GatewayError

/** An analysis of this text or of one alike: then `moved` says where its offsets are in this one, unless they are the same. */
export interface Recognised {
  readonly analysis: Analysis
  readonly moved: Moved | undefined
}

export interface Analyst {
  /** At once where the text is short or known; otherwise when another thread has parsed it. Never throws for a text. */
  analyse(text: Buffer, catalog: Catalog): Analysis | Promise<Analysis>
  /** The same, shared by all texts that differ in nothing but constants which no fact depends on. */
  recognise(text: Buffer, catalog: Catalog): Recognised | Promise<Recognised>
  close(): Promise<void>
}

export interface AnalystOptions {
  /** Longest text that is judged, in bytes. */
  readonly maxBytes?: number
  /** Longest time that reading a text may take, in milliseconds. */
  readonly parseLimitMs?: number
  /** Bytes of texts whose facts are kept. */
  readonly cacheBytes?: number
  readonly cacheEntries?: number
  readonly threads?: number
}

/** Loads and warms the parser, here and in the other threads. */
export async function createAnalyst(options: AnalystOptions = {}): Promise<Analyst> {
  const maxBytes = options.maxBytes ?? 1_048_576
  await loadModule()
  warm()
  const thread = await startParserThread(options.parseLimitMs ?? 250, options.threads ?? 2)
  const cache = createFactsCache<Analysis>(options.cacheBytes ?? 16_777_216, options.cacheEntries ?? 20_000)
  const alike = createAlike<Analysis>(options.cacheBytes ?? 16_777_216)

  return { analyse, recognise, close: () => thread.close() }

  function analyse(text: Buffer, catalog: Catalog): Analysis | Promise<Analysis> {
    // latin1 maps each byte to a character of its own: different bytes are different keys.
    const key = text.toString('latin1')
    const kept = cache.get(catalog, key)
    if (kept !== undefined) return kept
    return parse(text, (parsed, bytes) => {
      const analysis = read(parsed, bytes, catalog)
      cache.set(catalog, key, analysis)
      return analysis
    })
  }

  function recognise(text: Buffer, catalog: Catalog): Recognised | Promise<Recognised> {
    // Only what can be judged is looked for: a constant's bytes are not in the shape.
    const refused = refuseBytes(text, maxBytes)
    if (refused !== undefined) return asItIs(refused)
    const lifted = liftConstants(text)
    if (lifted === undefined) {
      const analysis = analyse(text, catalog)
      return analysis instanceof Promise ? analysis.then(asItIs) : asItIs(analysis)
    }
    const known = alike.find(catalog, text, lifted)
    if (known !== undefined) return { analysis: known.value, moved: known.moved }
    return parse(text, (parsed, bytes) => asItIs('refused' in parsed ? parsed.refused : learn(text, parsed.tree, bytes, catalog)))
  }

  /** Reads a text of a new shape, and keeps the answer for those that are like it. */
  function learn(text: Buffer, tree: ParseResult, bytes: number, catalog: Catalog): Analysis {
    const lifted = liftConstants(text)
    if (lifted === undefined) return analyseTree(tree, bytes, catalog)
    const pinned = watchConstants(tree, text, lifted)
    const analysis = analyseTree(tree, bytes, catalog)
    alike.keep(catalog, text, lifted, pinned(), analysis)
    return analysis
  }

  /** In place where the text is short, and otherwise on another thread. */
  function parse<T>(text: Buffer, next: (parsed: Parsed, bytes: number) => T): T | Promise<T> {
    const bytes = text.length
    const refused = refuseBytes(text, maxBytes)
    if (refused !== undefined) return next({ refused }, bytes)
    const sql = text.toString('utf8')
    if (bytes <= IN_PLACE_BYTES) return next(parseInPlace(sql), bytes)
    return thread.parse(sql).then((parsed) => next(parsed, bytes))
  }
}

const asItIs = (analysis: Analysis): Recognised => ({ analysis, moved: undefined })

/** A fault other than a syntax error leaves the parser unfit: the text is refused. The bound makes it impossible; the test proves the bound. */
function parseInPlace(sql: string): Parsed {
  try {
    return parseHere(sql)
  } catch (error) {
    return { refused: error instanceof RangeError ? tooDeep() : internal(error) }
  }
}

function read(parsed: Parsed, bytes: number, catalog: Catalog): Analysis {
  if ('refused' in parsed) return parsed.refused
  return analyseTree(parsed.tree, bytes, catalog)
}

/** The facts of a tree, or a refusal when it is too deep or unfolds too far. */
export function analyseTree(tree: ParseResult, bytes: number, catalog: Catalog): Analysis {
  try {
    return Object.freeze({ statements: factsOf(tree, bytes, catalog) })
  } catch (error) {
    if (error instanceof GatewayError) return error
    return error instanceof RangeError ? tooDeep() : internal(error)
  }
}

function internal(cause: unknown): GatewayError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError({ code: 'internal', sqlstate: 'XX000', message: `the statement could not be judged: ${why}` }, { cause })
}

/** The first calls compile the parser; nobody's statement should wait for that. */
function warm(): void {
  for (let i = 0; i < 50; i += 1) parseSync('SELECT a.b, count(*) FROM c.d AS a WHERE a.e = $1 GROUP BY 1 ORDER BY 2 LIMIT 10')
}
