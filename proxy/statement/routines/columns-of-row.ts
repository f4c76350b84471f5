import type { Relation } from '../../catalog/catalog.ts'

const RETURNED = /\breturn\s+(?:new|old)\s*;/gi
const NAMED = /\b(?:new|old)\b(?:\s*\.\s*("(?:[^"]|"")+"|[a-z_][\w$]*))?/gi

/** Columns of `NEW` and `OLD` that a trigger's body names (`pg_attribute.attnum`), in words: a mention in a comment counts. 0: the whole row, but for `RETURN NEW`. */
export function columnsOfRow(text: string, relation: Relation): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [, field] of text.replaceAll(RETURNED, ';').matchAll(NAMED)) {
    if (field === undefined) return new Set([0])
    const name = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field.toLowerCase()
    const column = relation.column(name)
    if (column !== undefined && column.attnum > 0) found.add(column.attnum)
  }
  return found
}
