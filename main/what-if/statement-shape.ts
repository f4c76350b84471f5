import { cutWords } from '../approvals/sql-words.ts'

const MAX_SHAPE = 400

/** A statement without its constants, white space, comments and the length of its lists: what people take for the same statement. */
export function statementShape(sql: string): string {
  const words = cutWords(sql).map(({ kind, text }) => (kind === 'other' ? '?' : kind === 'quoted' ? `"${text}"` : text))
  const shape = words
    .join(' ')
    .replace(/(\? , )+\?/g, '?, …')
    .replace(/\( \?, … \)(?: , \( \?, … \))+/g, '( ?, … ), …')
    .replace(/ ([,;)])/g, '$1')
    .replace(/\( /g, '(')
    .replace(/ \. /g, '.')
  return shape.length > MAX_SHAPE ? `${shape.slice(0, MAX_SHAPE)}…` : shape
}
