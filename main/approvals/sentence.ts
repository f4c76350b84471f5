import type { RecordedFacts } from '../recordings/describe-facts.ts'
import { joinWords, shortName } from './plain-words.ts'
import { findWhere, readSetColumns } from './set-columns.ts'

/**
 * The plain sentence of a statement: verb, table: what. Made from the facts and never from what the agent says about it; the text is
 * only looked at for the names of columns. `strictest`: which statement of the string decided the verdict, from 0.
 */
export function sentenceOf(sql: Buffer, facts: readonly RecordedFacts[], strictest: number): string {
  const one = facts[strictest] ?? facts[0]
  if (one === undefined) return 'Does nothing: there is no statement in it.'
  const [offset, length] = one.span
  const text = sql.toString('utf8', offset, length > 0 ? offset + length : undefined)
  const sentence = describe(one, text, offset)
  if (facts.length <= 1) return sentence
  return `Runs ${facts.length} statements at once, the strictest of them: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
}

function describe(facts: RecordedFacts, text: string, offset: number): string {
  const written = namesOf(facts, 'write')
  const read = namesOf(facts, 'read').filter((name) => !written.includes(name))
  const target = written[0]
  const kind = facts.kind.toUpperCase()
  if (facts.copy === 'out') return `Copies out ${joinWords(read.length > 0 ? read : ['a query’s answer'])}.`
  if (facts.copy === 'in') return `Copies rows into ${target ?? 'a table'}.`
  if (kind === 'UPDATE') return `${rowsOf('Changes', target, facts, text, offset)}${setOf(text)}.`
  if (kind === 'DELETE') return `${rowsOf('Deletes', target, facts, text, offset)}.`
  if (kind === 'INSERT') return `Adds rows to ${target ?? 'a table'}${read.length > 0 ? `, made from ${joinWords(read)}` : ''}.`
  if (kind === 'MERGE')
    return `Merges rows into ${target ?? 'a table'}${read.length > 0 ? ` from ${joinWords(read)}` : ''}: may add, change and delete.`
  if (kind === 'TRUNCATE') return `Deletes all rows of ${written.length > 0 ? joinWords(written) : 'a table'}, by emptying it.`
  if (kind === 'SELECT') return describeSelect(facts, read, written, text, offset)
  if (kind.startsWith('EXPLAIN'))
    return `Asks how ${read.length + written.length > 0 ? `a query on ${joinWords([...written, ...read])}` : 'a query'} would be run.`
  return describeOther(facts, kind, [...written, ...read])
}

function describeSelect(facts: RecordedFacts, read: readonly string[], written: readonly string[], text: string, offset: number): string {
  const chosen = chosenBy(facts, text, offset)
  const tables = [...read, ...written]
  const first = tables.length === 0 ? 'Computes a value and reads no table' : `Reads ${joinWords(tables)}`
  const by = chosen.length === 0 || tables.length === 0 ? '' : `, choosing by ${joinWords(chosen)}`
  const also = written.length > 0 && facts.verbs.includes('write') ? `, and changes or locks rows of ${joinWords(written)}` : ''
  return `${first}${by}${also}.`
}

const DDL_VERBS: Readonly<Record<string, string>> = {
  CREATE: 'Creates',
  ALTER: 'Alters',
  DROP: 'Drops',
  COMMENT: 'Comments on',
  REINDEX: 'Rebuilds',
}

function describeOther(facts: RecordedFacts, kind: string, tables: readonly string[]): string {
  const [first = '', ...rest] = kind.split(' ')
  const on = tables.length > 0 ? joinWords(tables) : ''
  const verb = DDL_VERBS[first]
  if (verb !== undefined && facts.verbs.includes('ddl')) {
    const thing = rest.join(' ').toLowerCase()
    return `${verb} ${thing === '' ? 'an object' : `a ${thing}`}${on === '' ? '' : `: ${on}`}.`
  }
  if (facts.verbs.includes('privilege')) return `Changes privileges (${kind})${on === '' ? '' : ` on ${on}`}.`
  if (facts.verbs.includes('transaction')) return `Steers the transaction (${kind}).`
  if (facts.verbs.includes('session')) return `Changes this session’s own settings (${kind}).`
  return `Runs ${kind}${on === '' ? '' : ` on ${on}`}.`
}

function rowsOf(verb: string, target: string | undefined, facts: RecordedFacts, text: string, offset: number): string {
  const table = target ?? 'a table'
  if (facts.withoutWhere) return `${verb} all rows of ${table}`
  const chosen = chosenBy(facts, text, offset)
  return `${verb} rows of ${table}${chosen.length === 0 ? ' that a condition chooses' : ` chosen by ${joinWords(chosen)}`}`
}

function setOf(text: string): string {
  const columns = readSetColumns(text)
  return columns.length === 0 ? '' : `: sets ${joinWords(columns)}`
}

/** Columns named behind the WHERE. */
function chosenBy(facts: RecordedFacts, text: string, offset: number): string[] {
  const where = findWhere(text)
  if (where === undefined) return []
  const from = offset + Buffer.byteLength(text.slice(0, where))
  const names = facts.columns
    .filter((column) => column.how === 'uses' && column.at[0] >= from && !column.name.endsWith('.*'))
    .map((column) => column.name.slice(column.name.lastIndexOf('.') + 1))
  return [...new Set(names)]
}

function namesOf(facts: RecordedFacts, access: 'read' | 'write'): string[] {
  const named = facts.relations.filter((relation) => relation.access === access && relation.via === null)
  return [...new Set(named.map((relation) => shortName(relation.name)))]
}
