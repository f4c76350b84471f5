import { createCollector } from '../collect.ts'
import { type Context, spend } from '../context.ts'
import type { Carry } from '../facts.ts'
import { MAX_BLOCK_BYTES, STEPS_PER_BYTE } from './do-block.ts'
import { parseBody } from './parse-body.ts'
import { type ReadStatement, readPlpgsql } from './read-plpgsql.ts'

/**
 * What the statements of a trigger function's body carry. A value that went through a variable may be any that the body reads. Undefined: the
 * body cannot be read whole.
 */
export function carriesOfBody(cx: Context, text: string, read: ReadStatement): readonly Carry[] | undefined {
  spend(cx, text.length * STEPS_PER_BYTE)
  const parsed = parseBody('CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS ', text, MAX_BLOCK_BYTES)
  if ('why' in parsed) return undefined
  const facts = createCollector()
  readPlpgsql(parsed, { ...cx, run: { ...cx.run, facts } }, [], read)
  if (facts.unknowns.some((one) => one.fn === undefined && /run time|cannot be read/.test(one.what))) return undefined
  const touched = facts.columns.map(({ oid, attnum }) => ({ oid, attnum, plain: false }))
  return facts.carries.map((one) => (one.known ? one : { ...one, known: true, sources: [...one.sources, ...touched] }))
}
