import { isUtf8 } from 'node:buffer'
import type { ParseResult } from '@pgsql/types'
import { parseSync } from 'libpg-query'
import { GatewayError } from '../errors.ts'
import { grammarError } from './grammar-errors.ts'

/**
 * Up to this many bytes a text is parsed in place: none so short can nest deep enough to overflow the parser's stack (test
 * `parse.test.ts`; the deepest shape, nested subscripts, takes three bytes a level and overflows beyond 6,000 bytes).
 */
export const IN_PLACE_BYTES = 4096

/** What a parser answers: a tree, or the refusal. */
export type Parsed = { readonly tree: ParseResult } | { readonly refused: GatewayError }

/** What PostgreSQL's parser would not read as it stands, before it is asked: it stops at a NUL and decodes rubbish. */
export function refuseBytes(text: Buffer, maxBytes: number): GatewayError | undefined {
  if (text.length > maxBytes) {
    return new GatewayError({
      code: 'limit',
      sqlstate: '54000',
      message: `the statement has ${text.length} bytes, more than the ${maxBytes} that are judged`,
      hint: 'Send it in smaller statements, or load rows with COPY.',
    })
  }
  if (text.includes(0)) {
    return new GatewayError({ code: 'syntax', sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' })
  }
  if (!isUtf8(text)) {
    return new GatewayError({
      code: 'syntax',
      sqlstate: '22021',
      message: 'the statement is not valid UTF-8',
      hint: 'Set client_encoding to UTF8 and send the text in it.',
    })
  }
  return undefined
}

/** Parses on this thread. Anything but a plain syntax error is thrown: the parser must not be used again then. */
export function parseHere(text: string): Parsed {
  // The library refuses what the server answers with EmptyQueryResponse.
  if (text === '') return { tree: { stmts: [] } }
  try {
    return { tree: parseSync(text) }
  } catch (error) {
    if (isSqlError(error)) return { refused: syntaxError(error.message, error.sqlDetails?.cursorPosition) }
    throw error
  }
}

/** What the parser says of a text that it cannot read. `cursor`: characters from 0. */
export function syntaxError(message: string, cursor: number | undefined): GatewayError {
  // Bison's own stack, not the text, is at an end.
  if (message.startsWith('memory exhausted')) return tooDeep()
  return new GatewayError({
    code: 'syntax',
    message,
    ...grammarError(message),
    ...(cursor === undefined || cursor < 0 ? {} : { position: cursor + 1 }),
  })
}

export function tooDeep(): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54001',
    message: 'the statement is nested too deeply to be judged',
    hint: 'Use IN (…) or a VALUES list instead of a long chain, or split the statement.',
  })
}

interface SqlErrorLike extends Error {
  readonly sqlDetails?: { readonly cursorPosition?: number }
}

export function isSqlError(error: unknown): error is SqlErrorLike {
  return error instanceof Error && error.name === 'SqlError'
}
