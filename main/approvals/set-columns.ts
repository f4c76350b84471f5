import { cutWords, type SqlWord } from './sql-words.ts'

const ENDS = new Set(['from', 'where', 'returning'])

/** Names on the left of an UPDATE's SET, in order. Empty when it is written in a way that this does not read: then no names are said. */
export function readSetColumns(sql: string): string[] {
  const words = cutWords(sql)
  const update = words.findIndex((word) => word.depth === 0 && word.kind === 'word' && word.text === 'update')
  const set = words.findIndex((word, i) => i > update && word.depth === 0 && word.kind === 'word' && word.text === 'set')
  if (update === -1 || set === -1) return []
  const columns: string[] = []
  let at = set + 1
  while (at < words.length) {
    const end = nextComma(words, at)
    const targets = readTargets(words.slice(at, end))
    if (targets === undefined) return []
    columns.push(...targets)
    if (words[end]?.text !== ',') break
    at = end + 1
  }
  return [...new Set(columns)]
}

/** Where the word is found that begins the WHERE at the statement's own level; undefined when there is none. UTF-16 place. */
export function findWhere(sql: string): number | undefined {
  return cutWords(sql).find((word) => word.depth === 0 && word.kind === 'word' && word.text === 'where')?.start
}

function nextComma(words: readonly SqlWord[], from: number): number {
  const end = words.findIndex(
    (word, i) =>
      i >= from &&
      word.depth === 0 &&
      ((word.kind === 'sign' && (word.text === ',' || word.text === ';')) || (word.kind === 'word' && ENDS.has(word.text))),
  )
  return end === -1 ? words.length : end
}

/** `a = …`, `a.b = …`, `a[1] = …` or `(a, b) = …`. */
function readTargets(part: readonly SqlWord[]): string[] | undefined {
  const equals = part.findIndex((word) => word.depth === 0 && word.kind === 'sign' && word.text === '=')
  if (equals <= 0) return undefined
  const left = part.slice(0, equals)
  const isName = (word: SqlWord | undefined): word is SqlWord => word?.kind === 'word' || word?.kind === 'quoted'
  if (left[0]?.text === '(') return left.filter(isName).map((word) => word.text)
  return isName(left[0]) ? [left[0].text] : undefined
}
