import type { Relation } from '../../../proxy/catalog/catalog.ts'
import { patternsOf } from '../../../proxy/mask/policy-patterns.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'
import { compileLabels } from '../../../proxy/verdict/labels.ts'
import type { Preview } from '../../contract/card.ts'
import { addedRows, chosenRows, type Masking, presentRows, ROWS, type RowsQuery, readable } from './affected-rows.ts'
import { ambiguousName } from './harmless.ts'
import { countMerged } from './merged-rows.ts'
import { expectedRows, planLines, readPlan } from './plan-lines.ts'
import { type PreviewConnection, Refused } from './preview-connection.ts'
import { insertedRowsOf, rowSourceOf, selectFrom, selectInserted } from './row-source.ts'
import { NO_PREVIEW } from './stored-preview.ts'
import { parseOne, sameText } from './tree.ts'

const COUNT_MS = 2000
const BOUND_MS = 500
const LOCK_MS = 500

export interface PreviewInput extends Masking {
  readonly connection: PreviewConnection
  /** One statement, its parameters put in. */
  readonly sql: string
  /** Of the statement as it was asked about. */
  readonly facts: StatementFacts
  readonly maxRows: number | null
  /** The session has an open transaction, whose own changes nobody else sees. */
  readonly inTransaction: boolean
  readonly now: number
}

interface Counted {
  readonly exactRows: number | null
  readonly moreThanRows: number | null
  readonly countNote: string | null
}

/** What the host finds out about a statement without running it. Throws only what the connection throws when it is lost. */
export async function makePreview(input: PreviewInput): Promise<Preview> {
  const { sql, facts, catalog, now } = input
  const unknown = facts.unknown[0]
  if (unknown !== undefined) return { ...NO_PREVIEW, note: `It was not planned: ${unknown.what} is not known to be harmless.` }
  const tree = parseOne(sql)
  if (tree === undefined) return { ...NO_PREVIEW, note: 'The text is too long to be looked into.' }
  const ambiguous = ambiguousName([facts], catalog)
  if (ambiguous !== undefined)
    return { ...NO_PREVIEW, note: `Several schemas have "${ambiguous}", and only the agent’s session knows which one is meant.` }
  const schemas = schemasOf(input)
  const planned = await explain(input, schemas)
  const counted = await count(input, schemas)
  const shown = await rowsOf(input, schemas)
  const ceiling = input.maxRows
  const atLeast = counted.exactRows ?? (counted.moreThanRows === null ? 0 : counted.moreThanRows + 1)
  return {
    ...NO_PREVIEW,
    state: 'ready',
    at: now,
    ...planned,
    ...counted,
    ...shown,
    rows: shown.rows === null ? null : { ...shown.rows, moreRows: atLeast > shown.rows.items.length },
    overCeiling: ceiling !== null && atLeast > ceiling,
  }
}

function schemasOf({ facts, catalog }: PreviewInput): string[] {
  return [...new Set(facts.relations.map((use) => catalog.relation(use.oid)?.schema).filter((schema) => schema !== undefined))]
}

async function explain(input: PreviewInput, schemas: readonly string[]): Promise<Pick<Preview, 'plan' | 'estimatedRows' | 'note'>> {
  const text = `EXPLAIN (FORMAT JSON) ${input.sql}`
  const tree = parseOne(text)
  // The grammar has no EXPLAIN for the others.
  if (tree === undefined || !('ExplainStmt' in tree) || sameText(tree.ExplainStmt.query) !== sameText(parseOne(input.sql)))
    return { plan: null, estimatedRows: null, note: 'PostgreSQL makes no plan for such a statement.' }
  try {
    const { rows } = await input.connection.within({ write: false, timeoutMs: COUNT_MS, lockMs: LOCK_MS, schemas }, text)
    const plan = readPlan(rows.map((row) => row[0] ?? '').join('\n'))
    return { plan: planLines(plan, conditionShower(input)), estimatedRows: Math.round(expectedRows(plan)), note: null }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { plan: null, estimatedRows: null, note: `It could not be planned: ${inWords(error)}.` }
  }
}

/** Expressions hold the statement's constants: none is shown where a labelled column is touched, and none that a pattern knows. */
function conditionShower({ facts, policy, catalog }: PreviewInput): (text: string) => string | undefined {
  const labels = compileLabels(policy, catalog)
  if (facts.columns.some((use) => labels.all(use.oid, use.attnum).length > 0)) return () => undefined
  const patterns = patternsOf(policy)
  return (text) => {
    const bytes = Buffer.from(text)
    return patterns.mayContain(bytes, 0, bytes.length) && patterns.find(bytes, 0, bytes.length).length > 0 ? '(hidden)' : text
  }
}

interface CountQuery {
  readonly text: string
  /** The same up to so many rows. */
  readonly upTo: (rows: number) => string
  readonly note: string | null
}

async function count(input: PreviewInput, schemas: readonly string[]): Promise<Counted> {
  const values = valuesOf(input.sql)
  if (values !== undefined) return { exactRows: values, moreThanRows: null, countNote: conflictNote(input.sql) }
  const query = countQuery(input)
  if (typeof query === 'string') return { exactRows: null, moreThanRows: null, countNote: query === '' ? null : query }
  const facts = await readable(query.text, input)
  if (typeof facts === 'string') return { exactRows: null, moreThanRows: null, countNote: `It was not counted: ${facts}.` }
  const run = async (text: string, timeoutMs: number): Promise<number> => {
    const { rows } = await input.connection.within({ write: false, timeoutMs, lockMs: LOCK_MS, schemas }, text)
    return Number(rows[0]?.[0] ?? 0)
  }
  const own = input.inTransaction ? 'What its own open transaction has changed is not counted.' : null
  try {
    return { exactRows: await run(query.text, COUNT_MS), moreThanRows: null, countNote: query.note ?? own }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const countNote = `It could not be counted: ${inWords(error)}.`
    const most = input.maxRows
    if (error.sqlstate !== '57014' || most === null) return { exactRows: null, moreThanRows: null, countNote }
    const some = await run(query.upTo(most + 1), BOUND_MS).catch((late: unknown) => {
      if (late instanceof Refused) return 0
      throw late
    })
    return { exactRows: null, moreThanRows: some > most ? most : null, countNote }
  }
}

/** Words say why there is none; empty: there is nothing to count. */
function countQuery({ sql, facts }: PreviewInput): CountQuery | string {
  const tree = parseOne(sql)
  if (tree === undefined) return 'It could not be counted.'
  if ('SelectStmt' in tree) return ''
  if ('TruncateStmt' in tree) {
    const tables = facts.relations.filter((use) => use.access === 'write' && use.via === undefined)
    const each = tables.map(({ relation }) => `(SELECT pg_catalog.count(*) FROM ${relation})`).join(' + ')
    const note = tree.TruncateStmt.behavior === 'DROP_CASCADE' ? 'Tables that CASCADE empties as well are not counted.' : null
    return { text: `SELECT ${each}`, upTo: () => `SELECT ${each}`, note }
  }
  if ('MergeStmt' in tree) {
    const text = countMerged(sql)
    if (text === undefined) return 'This form of MERGE is not counted. Rehearse it to see.'
    return { text, upTo: (rows) => bounded(text.replace('count(*)', '1'), rows), note: null }
  }
  if ('InsertStmt' in tree) {
    const inserted = insertedRowsOf(sql)
    if (inserted === undefined) return 'This form of INSERT is not counted. Rehearse it to see.'
    return {
      text: selectInserted(inserted, 'pg_catalog.count(*)'),
      upTo: (rows) => bounded(selectInserted(inserted, '1'), rows),
      note: conflictNote(sql),
    }
  }
  const source = rowSourceOf(sql)
  if (source === undefined) return 'This form of the statement is not counted. Rehearse it to see.'
  const rows = source.joined ? selectFrom(source, `DISTINCT ${source.target}.tableoid, ${source.target}.ctid`) : selectFrom(source, '1')
  const text = source.joined ? `SELECT pg_catalog.count(*) FROM (${rows}\n) AS chosen` : selectFrom(source, 'pg_catalog.count(*)')
  return { text, upTo: (most) => bounded(rows, most), note: null }
}

const bounded = (rows: string, most: number): string =>
  `SELECT pg_catalog.count(*) FROM (SELECT 1 FROM (${rows}\n) AS chosen LIMIT ${most}) AS some`

function conflictNote(sql: string): string | null {
  const tree = parseOne(sql)
  const insert = tree !== undefined && 'InsertStmt' in tree ? tree.InsertStmt : undefined
  return insert?.onConflictClause === undefined ? null : 'Rows that are there already (ON CONFLICT) are counted too.'
}

/** Rows of `INSERT … VALUES`: they stand in the text. */
function valuesOf(sql: string): number | undefined {
  const tree = parseOne(sql)
  if (tree === undefined || !('InsertStmt' in tree)) return undefined
  const { selectStmt } = tree.InsertStmt
  if (selectStmt === undefined) return 1
  const lists = 'SelectStmt' in selectStmt ? selectStmt.SelectStmt.valuesLists : undefined
  return lists === undefined ? undefined : lists.length
}

async function rowsOf(input: PreviewInput, schemas: readonly string[]): Promise<Pick<Preview, 'rows' | 'rowsNote'>> {
  const target = targetOf(input)
  if (target === undefined) return { rows: null, rowsNote: null }
  const none = (rowsNote: string) => ({ rows: null, rowsNote })
  try {
    const query = await rowsQuery(input, target, schemas)
    if (query === undefined) return none('Rows of this form of the statement are not shown.')
    const facts = await readable(query.plain, input)
    if (typeof facts === 'string') return none(`No rows were read: ${facts}.`)
    const { rows } = await input.connection.within({ write: false, timeoutMs: COUNT_MS, lockMs: LOCK_MS, schemas }, query.text)
    return { rows: presentRows(query, rows.slice(0, ROWS), facts, target, input), rowsNote: null }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return none(`No rows could be read: ${inWords(error)}.`)
  }
}

function targetOf({ sql, facts, catalog }: PreviewInput): Relation | undefined {
  const tree = parseOne(sql)
  if (tree === undefined || !('UpdateStmt' in tree || 'DeleteStmt' in tree || 'InsertStmt' in tree)) return undefined
  const named = 'UpdateStmt' in tree ? tree.UpdateStmt : 'DeleteStmt' in tree ? tree.DeleteStmt : tree.InsertStmt
  const { relname, schemaname } = named.relation ?? {}
  const written = facts.relations.filter((use) => use.access === 'write' && use.via === undefined).map((use) => catalog.relation(use.oid))
  return written.find((relation) => relation?.name === relname && (schemaname === undefined || relation?.schema === schemaname))
}

async function rowsQuery(input: PreviewInput, target: Relation, schemas: readonly string[]): Promise<RowsQuery | undefined> {
  const inserted = insertedRowsOf(input.sql)
  if (inserted !== undefined) {
    const facts = await readable(selectInserted(inserted, '*'), input)
    return typeof facts === 'string' ? undefined : addedRows(inserted, target, facts.outputs?.length ?? 0)
  }
  const source = rowSourceOf(input.sql)
  if (source === undefined) return undefined
  const keys = await input.connection.within(
    { write: false, timeoutMs: COUNT_MS, lockMs: LOCK_MS, schemas },
    `SELECT pg_catalog.unnest(indkey) FROM pg_catalog.pg_index WHERE indrelid = ${target.oid} AND indisprimary`,
  )
  return chosenRows(
    source,
    target,
    keys.rows.map((row) => Number(row[0])),
  )
}

const WORDS: Readonly<Record<string, string>> = {
  '57014': 'it took longer than 2 s',
  '55P03': 'somebody else holds a lock on it',
  '42501': 'the database’s role may not read it',
  '42P01': 'a table that it names is not seen from outside its session',
}

export function inWords({ sqlstate }: Refused): string {
  return WORDS[sqlstate] ?? `the database refused it (SQLSTATE ${sqlstate})`
}
