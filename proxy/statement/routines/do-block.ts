import type { DoStmt } from '@pgsql/types'
import type { StatementRest } from '../collect.ts'
import { type Context, spend } from '../context.ts'
import type { Span } from '../facts.ts'
import { as } from '../tree.ts'
import { innerCollector } from './inner-collector.ts'
import { parseBody } from './parse-body.ts'
import { type ReadStatement, readPlpgsql } from './read-plpgsql.ts'

/** Longest block that is read in place, in bytes. */
export const MAX_BLOCK_BYTES = 32_768
/** Reading a block costs about as much as this many steps for each byte. */
export const STEPS_PER_BYTE = 4

/** DO: its body is what will run. */
export function readDo(node: DoStmt, cx: Context, span: Span, read: ReadStatement): Omit<StatementRest, 'span'> {
  const { facts } = cx.run
  const option = (name: string): string | undefined => {
    const found = (node.args ?? []).map((arg) => as(arg, 'DefElem')).find((arg) => arg?.defname === name)
    return as(found?.arg, 'String')?.sval
  }
  const body = option('as') ?? ''
  const language = option('language') ?? 'plpgsql'
  const rest = { kind: 'DO', outputs: undefined }
  if (language !== 'plpgsql') {
    facts.unknown(`DO block in ${language}`, true, span.offset)
    return { ...rest, changesCatalog: true }
  }
  spend(cx, body.length * STEPS_PER_BYTE)
  const parsed = parseBody('DO ', body, MAX_BLOCK_BYTES)
  if ('why' in parsed) {
    facts.unknown(`DO block: ${parsed.why}`, true, span.offset)
    return { ...rest, changesCatalog: true }
  }
  const inner: Context = { ...cx, run: { ...cx.run, facts: innerCollector(facts, span.offset, 'in the DO block') } }
  return { ...rest, changesCatalog: readPlpgsql(parsed, inner, [], read) }
}
