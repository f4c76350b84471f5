import type { Node } from '@pgsql/types'
import { scanSync } from 'libpg-query'
import { parseHere } from '../parse.ts'
import type { PlExpression } from './plpgsql-nodes.ts'
import { isReadable } from './readable.ts'

/** The statements that an SQL text in a body stands for; undefined: it cannot be read. An expression becomes a SELECT of it, as PL/pgSQL itself makes it. */
export function statementsOf(expression: PlExpression): readonly Node[] | undefined {
  const text = expression.query ?? ''
  switch (expression.parseMode) {
    case 0:
      return parseText(text)
    case 2:
      return parseText(`SELECT ${text}`)
    case 3:
    case 4:
    case 5:
      return assignmentOf(text)
    default:
      return undefined
  }
}

export function parseText(text: string): readonly Node[] | undefined {
  if (!isReadable(text)) return undefined
  const parsed = parseHere(text)
  if ('refused' in parsed) return undefined
  return (parsed.tree.stmts ?? []).map((raw) => raw.stmt).filter((stmt) => stmt !== undefined)
}

/** `x.y[f(1)] := expression`: both sides are evaluated. */
function assignmentOf(text: string): readonly Node[] | undefined {
  if (!isReadable(text)) return undefined
  let depth = 0
  for (const token of scanSync(text).tokens) {
    if (token.text === '[' || token.text === '(') depth += 1
    else if (token.text === ']' || token.text === ')') depth -= 1
    else if (depth === 0 && (token.text === ':=' || token.text === '=')) {
      const bytes = Buffer.from(text)
      const target = parseText(`SELECT ${bytes.toString('utf8', 0, token.start)}`)
      const value = parseText(`SELECT ${bytes.toString('utf8', token.end)}`)
      return target === undefined || value === undefined ? undefined : [...target, ...value]
    }
  }
  return undefined
}
