import type { Judged } from '../../proxy/ports.ts'
import type { Reason } from '../../proxy/verdict/decide.ts'
import type { Rule } from '../../proxy/verdict/policy.ts'
import { characterPosition } from '../../proxy/verdict/refusal.ts'
import { sentenceOfRule } from '../approvals/rule-sentence.ts'
import type { Refusal } from '../contract/mcp.ts'
import type { Answer, Report } from './answer.ts'

/** What the wire says, as JSON, and with the verdict's parts beside it. The words are the wire's own. */
export function describeRefusal(error: Report, answer: Pick<Answer, 'judged' | 'decision'> | undefined): Refusal {
  const judged = answer?.judged
  const kind = kindOf(error, answer)
  const rule = judged?.verdict.rule
  return {
    kind,
    sqlstate: error.sqlstate,
    message: error.message,
    detail: error.detail ?? null,
    hint: error.hint ?? HINTS[kind] ?? null,
    position: error.position ?? null,
    rule: rule === undefined || !BY_RULE.has(kind) ? null : describeRule(rule),
    parts: judged === undefined || kind !== 'rule' ? [] : describeParts(judged.text, judged.verdict.because),
  }
}

/** Where PostgreSQL itself has no hint for a person, a model still needs a next step. */
const HINTS: Partial<Record<Refusal['kind'], string>> = {
  syntax: 'Correct the statement at that position, and send it again.',
  'missing-name': 'Call describe to see the names that there are, and send the statement with one of them.',
  database: 'The database itself refused it. Correct what the message names, and send it again.',
  connection: 'Try again in a moment.',
  limit: 'Ask for less: add a WHERE or a LIMIT, or let the database do it in smaller parts.',
}

const BY_RULE: ReadonlySet<Refusal['kind']> = new Set(['rule', 'person', 'not-approved', 'withdrawn'])

export function describeRule(rule: Rule): NonNullable<Refusal['rule']> {
  return { id: rule.id, sentence: sentenceOfRule(rule), message: rule.message ?? rule.reason ?? null }
}

export function describeParts(text: Buffer, because: readonly Reason[]): Refusal['parts'] {
  return because.map(({ what, offset, length }) => ({
    what,
    text: partOf(text, offset, length),
    position: length === 0 && offset === 0 && because.length > 1 ? 0 : characterPosition(text, offset),
  }))
}

/** The part itself; where the parser does not tell its length, the word there. */
function partOf(text: Buffer, offset: number, length: number): string {
  const rest = text.subarray(offset, offset + Math.max(length, 200)).toString('utf8')
  const word = /^(?:[\p{L}\p{N}_$."]+|.)/u.exec(rest)?.[0] ?? ''
  const whole = length > 0 ? text.subarray(offset, offset + length).toString('utf8') : ''
  return (whole.length > word.length ? whole : word).slice(0, 200)
}

/** The server's own timeout, which it has from `limits.statementTimeout`. */
const isTimeout = (sqlstate: string, message: string): boolean => sqlstate === '57014' && message.includes('statement timeout')

const MISSING = new Set(['42P01', '42703', '42704', '42883', '3F000', '42P02'])

function kindOf(
  { sqlstate, message }: Report,
  answer: { readonly judged: Judged | undefined; readonly decision: Answer['decision'] } | undefined,
): Refusal['kind'] {
  const outcome = answer?.decision?.outcome
  if (outcome === 'denied') return 'person'
  if (outcome === 'expired') return 'not-approved'
  if (outcome === 'withdrawn') return 'withdrawn'
  if (sqlstate === '53400') return 'budget'
  if (MISSING.has(sqlstate)) return 'missing-name'
  if (answer?.judged?.verdict.effect === 'deny') return sqlstate === '42601' ? 'syntax' : 'rule'
  if (sqlstate === '42601') return 'syntax'
  if (sqlstate === '0A000') return 'unsupported'
  if (sqlstate === '54000' || message.includes('(limits.') || isTimeout(sqlstate, message)) return 'limit'
  if (['3D000', '28000', '53300', '08006', '08004', '57P01', '57P03', '58030'].includes(sqlstate)) return 'connection'
  return 'database'
}
