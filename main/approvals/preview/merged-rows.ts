import type { MergeStmt, MergeWhenClause, Node } from '@pgsql/types'
import { cutWords, type SqlWord } from '../sql-words.ts'
import { quoted } from './row-source.ts'
import { parseOne, sameText } from './tree.ts'

/**
 * A query that counts the rows which a MERGE would add, change or delete: the source joined with the target as MERGE joins them, where the first WHEN
 * that fits does something. Proved by the grammar as in `row-source.ts`. Undefined where that cannot be done, and for WHEN NOT MATCHED BY SOURCE.
 */
export function countMerged(sql: string): string | undefined {
  const tree = parseOne(sql)
  if (tree === undefined || !('MergeStmt' in tree)) return undefined
  const merge = tree.MergeStmt
  const clauses = (merge.mergeWhenClauses ?? []).flatMap((node) => ('MergeWhenClause' in node ? [node.MergeWhenClause] : []))
  if (clauses.some((clause) => clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE')) return undefined
  const words = cutWords(sql).filter((word) => word.depth === 0)
  const verb = words.find((word) => isWord(word, 'merge'))
  const into = words.find((word) => isWord(word, 'into'))
  const using = words.find((word) => isWord(word, 'using'))
  const name = merge.relation?.alias?.aliasname ?? merge.relation?.relname
  if (verb === undefined || into === undefined || using === undefined || name === undefined) return undefined
  const whens = words.filter((word) => isWord(word, 'when'))
  for (const on of words.filter((word) => isWord(word, 'on') && word.start > using.start)) {
    for (const when of whens.filter((word) => word.start > on.start)) {
      const target = sql.slice(into.start + 4, using.start)
      const source = sql.slice(using.start + 5, on.start)
      const conditions = conditionsOf(sql, words, when, clauses)
      if (conditions === undefined) continue
      const text = `${sql.slice(0, verb.start)}\nSELECT count(*) FROM ${target}\nRIGHT JOIN ${source}\nON ${sql.slice(on.start + 2, when.start)}
WHERE CASE ${conditions.map((one, i) => branch(one, clauses[i], quoted(name))).join(' ')} ELSE false END`
      if (isProved(text, merge, clauses, conditions)) return text
    }
  }
  return undefined
}

/** The text of each WHEN's own condition; empty where it has none. Undefined where one is not found. */
function conditionsOf(sql: string, words: readonly SqlWord[], first: SqlWord, clauses: readonly MergeWhenClause[]): string[] | undefined {
  const found: string[] = []
  let from = first.start
  for (const { condition } of clauses) {
    const when = words.find((word) => word.start >= from && isWord(word, 'when'))
    if (when === undefined) return undefined
    const rest = words.filter((word) => word.start > when.start)
    const text = condition === undefined ? '' : conditionText(sql, rest, condition)
    const then = rest.find((word) => isWord(word, 'then'))
    if (text === undefined || then === undefined) return undefined
    found.push(text)
    from = text === '' ? then.start : Math.max(then.start, sql.indexOf(text, when.start) + text.length)
  }
  return found
}

function conditionText(sql: string, words: readonly SqlWord[], condition: Node): string | undefined {
  const and = words.find((word) => isWord(word, 'and'))
  if (and === undefined) return undefined
  for (const then of words.filter((word) => isWord(word, 'then') && word.start > and.start)) {
    const text = sql.slice(and.start + 3, then.start)
    if (isCondition(text, condition)) return text
  }
  return undefined
}

function branch(condition: string, clause: MergeWhenClause | undefined, name: string): string {
  const matched = clause?.matchKind === 'MERGE_WHEN_MATCHED' ? 'IS NOT NULL' : 'IS NULL'
  const acts = clause?.commandType !== 'CMD_NOTHING'
  return `WHEN ${name}.ctid ${matched}${condition === '' ? '' : ` AND (${condition}\n)`} THEN ${acts}`
}

function isProved(text: string, merge: MergeStmt, clauses: readonly MergeWhenClause[], conditions: readonly string[]): boolean {
  const tree = parseOne(text)
  if (tree === undefined || !('SelectStmt' in tree)) return false
  const [from] = tree.SelectStmt.fromClause ?? []
  if (from === undefined || !('JoinExpr' in from)) return false
  const { larg, rarg, quals } = from.JoinExpr
  return (
    sameText(larg) === sameText({ RangeVar: merge.relation }) &&
    sameText(rarg) === sameText(merge.sourceRelation) &&
    sameText(quals) === sameText(merge.joinCondition) &&
    sameText(tree.SelectStmt.withClause) === sameText(merge.withClause) &&
    clauses.every(({ condition }, i) => condition === undefined || isCondition(conditions[i] ?? '', condition))
  )
}

function isCondition(text: string, condition: Node): boolean {
  const tree = parseOne(`SELECT (${text}\n)`)
  if (tree === undefined || !('SelectStmt' in tree)) return false
  const [target] = tree.SelectStmt.targetList ?? []
  return target !== undefined && 'ResTarget' in target && sameText(target.ResTarget.val) === sameText(condition)
}

function isWord(word: SqlWord, text: string): boolean {
  return word.kind === 'word' && word.text === text
}
