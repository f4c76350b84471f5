import { setImmediate as breathe } from 'node:timers/promises'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Analyst } from '../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { decide } from '../../proxy/verdict/decide.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { Db } from '../store/open-database.ts'
import { statementShape } from './statement-shape.ts'

type Effect = 'allow' | 'ask' | 'deny'

export interface WhatIfSources {
  readonly db: Db
  readonly analyst: Pick<Analyst, 'analyse'>
  /** Of now. Throws `GatewayError` when the database does not answer. */
  catalog(connection: string): Promise<Catalog | undefined>
  /** The draft's, compiled. */
  policy(connection: string): Policy
}

export interface WhatIfRange {
  /** Milliseconds since the epoch, both included. */
  readonly from: number
  readonly to: number
  readonly connection: string | undefined
}

export interface WhatIfGroup {
  readonly shape: string
  readonly connection: string
  readonly was: Effect
  readonly now: Effect
  /** The draft's rule; null: none matched, or the text could not be read. */
  readonly rule: string | null
  readonly because: readonly string[]
  /** One of them, whole. */
  readonly example: string
  /** Each text once in a session. */
  statements: number
  readonly people: Set<string>
  lastAt: number
}

export interface WhatIf {
  readonly groups: readonly WhatIfGroup[]
  readonly judged: number
  /** What a text alone does not tell: EXECUTE, FETCH of what a session had prepared or declared. */
  readonly unclear: number
  /** There was more than one call looks at; the newest was looked at. */
  readonly cut: boolean
}

interface Row {
  readonly object: number
  readonly at: number
  readonly effect: Effect
  /** Its number in the session. */
  readonly statement: number
  /** JSON: tables with outsiders' text that the session read. */
  readonly untrusted: string
  readonly connection: string
  readonly issuer: string
  readonly subject: string
  readonly groups: string
}

const MAX_STATEMENTS = 20_000
const MAX_MS = 15_000

/** Judges recorded statements by a draft policy and the catalog of now, as of the time at which each was asked. Nothing is run. */
export async function replayRecorded(sources: WhatIfSources, range: WhatIfRange): Promise<WhatIf> {
  const { db, analyst } = sources
  const rows = db
    .prepare<unknown[], Row>(
      `SELECT u.object, u.at, u.effect, u.statement, s.untrusted, s.connection, s.issuer, s.subject, s.groups FROM uses u JOIN sessions s ON s.number = u.session
       WHERE u.at BETWEEN @from AND @to AND (@connection IS NULL OR s.connection = @connection) ORDER BY u.at DESC LIMIT ${MAX_STATEMENTS + 1}`,
    )
    .all({ ...range, connection: range.connection ?? null })
  const readText = db.prepare<[number], { body: Buffer }>('SELECT body FROM objects WHERE id = ?')
  const groups = new Map<string, WhatIfGroup>()
  const read = new Map<string, { readonly text: string; readonly facts: readonly StatementFacts[] | GatewayError }>()
  const until = performance.now() + MAX_MS
  let judged = 0
  let unclear = 0
  for (const row of rows.slice(0, MAX_STATEMENTS)) {
    if (performance.now() > until) break
    // Others of the host's work come in between.
    if (judged % 100 === 99) await breathe()
    judged += 1
    const catalog = await sources.catalog(row.connection)
    if (catalog === undefined) continue
    const key = `${row.connection} ${row.object}`
    const known = read.get(key) ?? (await readFacts(readText.get(row.object)?.body ?? Buffer.alloc(0), catalog, analyst))
    read.set(key, known)
    if (!(known.facts instanceof GatewayError) && known.facts.some((facts) => facts.outputsFromName)) {
      unclear += 1
      continue
    }
    const policy = sources.policy(row.connection)
    const verdict =
      known.facts instanceof GatewayError
        ? { effect: 'deny' as const, rule: undefined, because: [{ what: known.facts.message }] }
        : decide(known.facts, policy, catalog, { groups: JSON.parse(row.groups) }, new Date(row.at), undefined, soFar(row))
    count(
      groups,
      row,
      known.text,
      verdict.effect,
      verdict.rule?.id ?? null,
      verdict.because.map((one) => one.what),
    )
  }
  const sorted = [...groups.values()].sort((a, b) => Number(b.was !== b.now) - Number(a.was !== a.now) || b.statements - a.statements)
  return { groups: sorted, judged, unclear, cut: judged < rows.length }
}

async function readFacts(text: Buffer, catalog: Catalog, analyst: Pick<Analyst, 'analyse'>) {
  const sql = text.toString()
  try {
    const analysis = await analyst.analyse(text, catalog)
    return { text: sql, facts: analysis instanceof GatewayError ? analysis : analysis.statements }
  } catch (cause) {
    if (cause instanceof GatewayError) return { text: sql, facts: cause }
    throw cause
  }
}

function count(
  groups: Map<string, WhatIfGroup>,
  row: Row,
  text: string,
  now: Effect,
  rule: string | null,
  because: readonly string[],
): void {
  const shape = statementShape(text)
  const key = JSON.stringify([row.connection, shape, row.effect, now, rule])
  const group = groups.get(key) ?? {
    shape,
    connection: row.connection,
    was: row.effect,
    now,
    rule,
    because,
    example: text,
    statements: 0,
    people: new Set<string>(),
    lastAt: row.at,
  }
  group.statements += 1
  group.people.add(`${row.issuer} ${row.subject}`)
  group.lastAt = Math.max(group.lastAt, row.at)
  groups.set(key, group)
}

/** Whether the session had read outsiders' text by then, as it was recorded. */
function soFar({ statement, untrusted }: Row): { readonly untrusted: boolean } {
  const reads: readonly { readonly statement: number }[] = JSON.parse(untrusted)
  return { untrusted: reads.some((read) => read.statement < statement) }
}
