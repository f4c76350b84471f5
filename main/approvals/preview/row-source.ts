import type { InsertStmt, Node, RangeVar, WithClause } from '@pgsql/types'
import { cutWords, type SqlWord } from '../sql-words.ts'
import { hasDefault, parseOne, sameText } from './tree.ts'

/** The rows that an UPDATE or DELETE chooses, as the parts of a SELECT. */
export interface RowSource {
  /** `WITH … `, or empty. */
  readonly with: string
  /** What stands behind FROM: the target first, then what it is joined with. */
  readonly from: string
  /** ` WHERE …`, or empty. */
  readonly where: string
  /** By which name the target's columns are reached, quoted. */
  readonly target: string
  /** It is joined with others, so that one row may come several times. */
  readonly joined: boolean
  /** UPDATE: names that are set, with their new value's text; undefined where one of them cannot be written as a SELECT's column. */
  readonly sets: readonly { readonly column: string; readonly value: string | undefined }[]
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Finds those parts in the text, and has the grammar prove them: the SELECT that is made of them must have the same tree, part for part, as the
 * statement. A cut at a wrong place is so never used. Undefined where no cut can be proved.
 */
export function rowSourceOf(sql: string): RowSource | undefined {
  const tree = parseOne(sql)
  if (tree === undefined) return undefined
  if ('UpdateStmt' in tree) {
    const { relation, fromClause, whereClause, withClause, targetList } = tree.UpdateStmt
    return find(sql, { verb: 'update', join: 'from', begin: 'set', relation, others: fromClause, whereClause, withClause, targetList })
  }
  if ('DeleteStmt' in tree) {
    const { relation, usingClause, whereClause, withClause } = tree.DeleteStmt
    return find(sql, {
      verb: 'delete',
      join: 'using',
      begin: undefined,
      relation,
      others: usingClause,
      whereClause,
      withClause,
      targetList: undefined,
    })
  }
  return undefined
}

interface Wanted {
  readonly verb: 'update' | 'delete'
  readonly join: 'from' | 'using'
  readonly begin: 'set' | undefined
  readonly relation: RangeVar | undefined
  readonly others: readonly Node[] | undefined
  readonly whereClause: Node | undefined
  readonly withClause: WithClause | undefined
  readonly targetList: readonly Node[] | undefined
}

function find(sql: string, wanted: Wanted): RowSource | undefined {
  const { relation } = wanted
  if (relation?.relname === undefined) return undefined
  const words = cutWords(sql).filter((word) => word.depth === 0)
  const verb = words.findIndex((word) => isWord(word, wanted.verb))
  const first = words[verb + (wanted.verb === 'delete' ? 2 : 1)]
  if (verb < 0 || first === undefined) return undefined
  const rest = words.slice(words.indexOf(first))
  const set = wanted.begin === undefined ? undefined : rest.find((word) => isWord(word, 'set'))
  const where = wanted.whereClause === undefined ? undefined : rest.find((word) => isWord(word, 'where'))
  const name = quoted(relation.alias?.aliasname ?? relation.relname)
  for (const end of [...placesOf(rest, 'returning'), sql.length]) {
    for (const join of wanted.others === undefined ? [undefined] : placesOf(rest, wanted.join)) {
      const stop = where?.start ?? end
      const targetEnd = set?.start ?? join ?? stop
      const joined = join === undefined ? '' : `, ${sql.slice(join + wanted.join.length, stop)}`
      const source: RowSource = {
        with: sql.slice(0, words[verb]?.start ?? 0),
        from: `${sql.slice(first.start, targetEnd)}${joined}`,
        where: where === undefined ? '' : ` ${sql.slice(where.start, end)}`,
        target: name,
        joined: join !== undefined,
        sets: set === undefined ? [] : readSets(sql, rest, set, join ?? stop, wanted.targetList ?? []),
      }
      if (isProved(source, wanted)) return source
    }
  }
  return undefined
}

/** A comment at the end of a part must not swallow what follows. */
export function selectFrom(source: RowSource, list: string): string {
  return `${source.with}\nSELECT ${list} FROM ${source.from}\n${source.where}`
}

function isProved(source: RowSource, wanted: Wanted): boolean {
  const tree = parseOne(selectFrom(source, '1'))
  if (tree === undefined || !('SelectStmt' in tree)) return false
  const { fromClause = [], whereClause, withClause, targetList: _list, limitOption: _limit, op: _op, ...more } = tree.SelectStmt
  return (
    Object.keys(more).length === 0 &&
    sameText(fromClause) === sameText([{ RangeVar: wanted.relation }, ...(wanted.others ?? [])]) &&
    sameText(whereClause) === sameText(wanted.whereClause) &&
    sameText(withClause) === sameText(wanted.withClause)
  )
}

/** `name = value`, a value each. */
function readSets(sql: string, words: readonly SqlWord[], set: SqlWord, end: number, targets: readonly Node[]): RowSource['sets'] {
  const inside = words.filter((word) => word.start > set.start && word.start < end)
  const commas = inside.filter((word) => word.kind === 'sign' && word.text === ',')
  const starts = [set.start + 'set'.length, ...commas.map((comma) => comma.start + 1)]
  const texts = starts.map((start, i) => valueText(sql, inside, start, commas[i]?.start ?? end))
  return targets.flatMap((node, i) => {
    if (!('ResTarget' in node) || node.ResTarget.name === undefined) return []
    const { name, val, indirection } = node.ResTarget
    const text = indirection === undefined && texts.length === targets.length ? texts[i] : undefined
    return [{ column: name, value: text !== undefined && isValue(text, val) ? text : undefined }]
  })
}

function valueText(sql: string, words: readonly SqlWord[], start: number, end: number): string | undefined {
  const equals = words.find((word) => word.start >= start && word.start < end && word.kind === 'sign' && word.text.startsWith('='))
  return equals === undefined ? undefined : sql.slice(equals.start + 1, end)
}

function isValue(text: string, val: Node | undefined): boolean {
  const tree = parseOne(`SELECT (${text}\n)`)
  if (tree === undefined || !('SelectStmt' in tree)) return false
  const [target] = tree.SelectStmt.targetList ?? []
  return target !== undefined && 'ResTarget' in target && sameText(target.ResTarget.val) === sameText(val) && !hasDefault(val)
}

/** The query whose rows an INSERT adds, with the statement's own WITH before it. */
export interface InsertedRows {
  readonly with: string
  readonly query: string
  /** Columns that it names; empty: all, in the table's order. */
  readonly columns: readonly string[]
}

/** As `rowSourceOf`, for INSERT. Undefined for DEFAULT VALUES, for a DEFAULT among the values, and where no cut can be proved. */
export function insertedRowsOf(sql: string): InsertedRows | undefined {
  const tree = parseOne(sql)
  if (tree === undefined || !('InsertStmt' in tree) || hasDefault(tree.InsertStmt.selectStmt)) return undefined
  const words = cutWords(sql).filter((word) => word.depth === 0)
  const verb = words.findIndex((word) => isWord(word, 'insert'))
  const starts = words
    .slice(verb + 3)
    .filter((word) => word.text === '(' || ['select', 'with', 'values', 'table'].some((text) => isWord(word, text)))
  const ends = [...placesOf(words, 'on'), ...placesOf(words, 'returning'), sql.length]
  for (const start of starts) {
    for (const end of ends.filter((place) => place > start.start)) {
      const found: InsertedRows = {
        with: sql.slice(0, words[verb]?.start ?? 0),
        query: sql.slice(start.start, end),
        columns: (tree.InsertStmt.cols ?? []).map((node) => ('ResTarget' in node ? (node.ResTarget.name ?? '') : '')),
      }
      if (isInserted(found, tree.InsertStmt)) return found
    }
  }
  return undefined
}

export function selectInserted({ with: before, query }: InsertedRows, list: string): string {
  return `${before}\nSELECT ${list} FROM (${query}\n) AS inserted`
}

function isInserted(found: InsertedRows, insert: InsertStmt): boolean {
  const tree = parseOne(selectInserted(found, '1'))
  if (tree === undefined || !('SelectStmt' in tree)) return false
  const [from] = tree.SelectStmt.fromClause ?? []
  if (from === undefined || !('RangeSubselect' in from)) return false
  return (
    sameText(from.RangeSubselect.subquery) === sameText(insert.selectStmt) &&
    sameText(tree.SelectStmt.withClause) === sameText(insert.withClause)
  )
}

function isWord(word: SqlWord, text: string): boolean {
  return word.kind === 'word' && word.text === text
}

function placesOf(words: readonly SqlWord[], text: string): number[] {
  return words.filter((word) => isWord(word, text)).map((word) => word.start)
}
