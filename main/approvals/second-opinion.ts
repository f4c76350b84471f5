import parser from 'node-sql-parser/build/postgresql.js'
import type { RecordedFacts } from '../recordings/describe-facts.ts'

const reader = new parser.Parser()

/** Longer texts would keep the event loop busy, and are rarely read by it. */
const MAX_CHARACTERS = 8_000

/**
 * A second, unrelated parser reads the statement that a person is asked about. It reads too little of PostgreSQL to judge anything, so
 * nothing is concluded where it fails; but a table that it sees and that the facts do not hold is worth a warning, since one of the two
 * is wrong. Returns those tables as it wrote them.
 */
export function secondOpinion(sql: string, facts: readonly RecordedFacts[]): string[] {
  if (sql.length > MAX_CHARACTERS) return []
  const seen = readTables(sql)
  if (seen === undefined) return []
  const known = new Set(facts.flatMap((one) => one.relations.flatMap(({ name }) => [fold(name), fold(name.split('.').at(-1) ?? name)])))
  return seen.filter((table) => !known.has(fold(table)) && !namesCte(sql, table))
}

/** It lists the names of WITH among its tables. */
function namesCte(sql: string, table: string): boolean {
  const name = table.replaceAll(/[^A-Za-z0-9_]/g, '')
  return name === table && new RegExp(`\\b${name}\\b[^,()]*(\\([^()]*\\))?\\s+AS\\s+((NOT\\s+)?MATERIALIZED\\s+)?\\(`, 'i').test(sql)
}

/** `schema.table` or `table`; undefined when it cannot read the text. */
function readTables(sql: string): string[] | undefined {
  try {
    const { tableList } = reader.parse(sql, { database: 'postgresql' })
    return tableList.map((entry) => {
      const [, schema, table] = entry.split('::')
      return schema === undefined || schema === 'null' ? (table ?? '') : `${schema}.${table ?? ''}`
    })
  } catch (error) {
    // Its grammar throws for whatever it does not know, which is most of PostgreSQL.
    if (error instanceof Error) return undefined
    throw error
  }
}

function fold(name: string): string {
  return name.replaceAll('"', '').toLowerCase()
}
