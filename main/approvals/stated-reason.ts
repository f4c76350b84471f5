import type { ApprovalRequest } from '../../proxy/ports.ts'
import type { Approval } from '../contract/approvals.ts'

const LONGEST = 500
/** Marks of direction, invisible and control characters: words for people have none. */
const ODD = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

const LEADING = [/^\s*\/\*\s*reason:([\s\S]*?)\*\//i, /^\s*--\s*reason:([^\n\r]*)/i]
const TRAILING = /\/\*\s*reason:((?:(?!\*\/)[\s\S])*)\*\/[\s;]*$/i
const TRAILING_LINE = /(?:^|[\n\r;])\s*--\s*reason:([^\n\r]*)[\s;]*$/i

/**
 * Why, in the agent's own words: said with the call (MCP), in a comment at the beginning or the end of the text (`reason: …`), or in the application's
 * name (`… reason: …`). Null when it says nothing.
 */
export function statedReason({
  reason,
  sql,
  applicationName,
}: Pick<ApprovalRequest, 'reason' | 'sql' | 'applicationName'>): Approval['statedReason'] {
  const called = tidy(reason)
  if (called !== '') return { text: called, from: 'call' }
  // Comments stand at the ends: what lies between is not looked at.
  const head = sql.slice(0, 2 * LONGEST)
  const tail = sql.slice(-2 * LONGEST)
  const comment = [...LEADING.map((pattern) => pattern.exec(head)), TRAILING.exec(tail), TRAILING_LINE.exec(tail)]
    .map((match) => tidy(match?.[1]))
    .find((text) => text !== '')
  if (comment !== undefined) return { text: comment, from: 'comment' }
  const named = tidy(/\breason:(.*)$/is.exec(applicationName)?.[1])
  return named === '' ? null : { text: named, from: 'application' }
}

function tidy(text: string | undefined): string {
  const plain = (text ?? '').replace(ODD, ' ').replace(/\s+/g, ' ').trim()
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1)}…`
}
