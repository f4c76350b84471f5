import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'
import { ambiguousName, isVolatile } from './harmless.ts'
import { inWords } from './make-preview.ts'
import { type PreviewConnection, Refused } from './preview-connection.ts'
import { parseOne } from './tree.ts'

const REHEARSAL_MS = 2000
const LOCK_MS = 100

/** What came of it. `text` holds no value. */
export interface Rehearsed {
  readonly state: 'done' | 'refused' | 'failed'
  readonly rows: number | null
  readonly ms: number | null
  readonly text: string
}

/**
 * Why a statement is not rehearsed, by what is known of it without asking the database; undefined: nothing in it acts outside its transaction, as far
 * as the text and the catalog tell. What only the database knows is asked by `rehearse`.
 */
export function whyNotRehearsed(sql: string, facts: StatementFacts, catalog: Catalog): string | undefined {
  const tree = parseOne(sql)
  const writes = tree !== undefined && ('UpdateStmt' in tree || 'DeleteStmt' in tree || 'InsertStmt' in tree || 'MergeStmt' in tree)
  if (!writes) return 'Only INSERT, UPDATE, DELETE and MERGE are rehearsed.'
  const unknown = facts.unknown[0]
  if (unknown !== undefined) return `It is not rehearsed: ${unknown.what} is not known to be harmless.`
  if (facts.verbs.some((verb) => verb !== 'read' && verb !== 'write')) return 'It is not rehearsed: it does more than read and write rows.'
  const ambiguous = ambiguousName([facts], catalog)
  if (ambiguous !== undefined) return `It is not rehearsed: several schemas have "${ambiguous}".`
  const volatile = facts.functions.find((fn) => isVolatile(fn.name, catalog))
  if (volatile !== undefined) return `It is not rehearsed: ${volatile.name}() can act outside of a transaction.`
  for (const use of facts.relations) {
    const relation = catalog.relation(use.oid)
    if (relation === undefined || relation.temporary) return `It is not rehearsed: ${use.relation} is seen by its own session only.`
    if (relation.kind === 'f') return `It is not rehearsed: ${use.relation} lies on another server.`
    if (use.access !== 'write') continue
    const code = relation.attached.find((one) => one.kind !== 'policy')
    if (relation.rewrites || code !== undefined)
      return `It is not rehearsed: ${code === undefined ? 'a rule' : `${code.kind} ${code.name}`} of ${use.relation} can act outside.`
  }
  return undefined
}

/**
 * Triggers and rules of the team's own, sequences behind defaults and identity columns, and foreign tables among all that a write on these tables can reach: its
 * partitions and children, and what refers to it by a foreign key that acts (ON DELETE CASCADE and its like), step by step.
 */
function outsideQuery(oids: readonly number[]): string {
  return `WITH RECURSIVE reached(oid) AS (
  SELECT pg_catalog.unnest('{${oids.join(',')}}'::pg_catalog.oid[])
  UNION SELECT next.oid FROM reached, LATERAL (
    SELECT inhrelid AS oid FROM pg_catalog.pg_inherits WHERE inhparent = reached.oid
    UNION ALL SELECT conrelid FROM pg_catalog.pg_constraint
      WHERE confrelid = reached.oid AND contype = 'f' AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))
  ) AS next
)
SELECT 'trigger ' || t.tgname || ' of ' || t.tgrelid::pg_catalog.regclass::pg_catalog.text FROM pg_catalog.pg_trigger t, reached
  WHERE t.tgrelid = reached.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL SELECT 'the sequence behind ' || a.attname FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d
    ON d.adrelid = a.attrelid AND d.adnum = a.attnum, reached
  WHERE a.attrelid = reached.oid AND NOT a.attisdropped AND a.attnum > 0
    AND (a.attidentity <> '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%')
    AND ($MAKES$ OR EXISTS (SELECT 1 FROM pg_catalog.pg_constraint f, reached r WHERE f.confrelid = r.oid AND 'd' IN (f.confdeltype, f.confupdtype)))
UNION ALL SELECT 'rule ' || w.rulename FROM pg_catalog.pg_rewrite w, reached WHERE w.ev_class = reached.oid AND w.ev_type <> '1'
UNION ALL SELECT 'another server behind ' || c.relname FROM pg_catalog.pg_class c, reached WHERE c.oid = reached.oid AND c.relkind = 'f'
LIMIT 1`
}

/** Runs it in a transaction that is always rolled back. Throws only what the connection throws when it is lost. */
export async function rehearse(connection: PreviewConnection, sql: string, facts: StatementFacts, catalog: Catalog): Promise<Rehearsed> {
  const refused = (text: string): Rehearsed => ({ state: 'refused', rows: null, ms: null, text })
  const why = whyNotRehearsed(sql, facts, catalog)
  if (why !== undefined) return refused(why)
  const written = facts.relations.filter((use) => use.access === 'write').map((use) => use.oid)
  const schemas = [...new Set(facts.relations.map((use) => catalog.relation(use.oid)?.schema).filter((schema) => schema !== undefined))]
  // A row that is made takes the next of a sequence, and so does a column that is set to its default.
  const makes = /insert|merge|default/i.test(sql)
  try {
    const look = outsideQuery(written).replace('$MAKES$', makes ? 'true' : 'false')
    const { rows } = await connection.within({ write: false, timeoutMs: REHEARSAL_MS, lockMs: LOCK_MS, schemas: [] }, look)
    const outside = rows[0]?.[0]
    if (outside !== undefined) return refused(`It is not rehearsed: ${outside ?? 'something'} acts outside of the transaction.`)
    const started = performance.now()
    const { tag } = await connection.within({ write: true, timeoutMs: REHEARSAL_MS, lockMs: LOCK_MS, schemas }, sql)
    const ms = Math.round((performance.now() - started) * 10) / 10
    return { state: 'done', rows: Number(/(\d+)$/.exec(tag)?.[1] ?? 0), ms, text: tag }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { state: 'failed', rows: null, ms: null, text: `The database would not do it: ${words(error)}.` }
  }
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  '23502': 'a column that must have a value would have none',
  '23503': 'a foreign key would be broken',
  '23505': 'a value that must be unique is there already',
  '23514': 'a check would fail',
  '57014': 'it took longer than 2 s',
  '55P03': 'somebody else holds a lock on its rows',
}

function words(error: Refused): string {
  return CONSTRAINTS[error.sqlstate] ?? inWords(error)
}
