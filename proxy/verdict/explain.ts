import type { ParseResult } from '@pgsql/types'
import { loadModule } from 'libpg-query'
import { assumeCatalog } from '../catalog/assumed.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import { type Analysis, analyseTree } from '../statement/analyst.ts'
import type { StatementFacts, Verb } from '../statement/facts.ts'
import { classedNames } from '../statement/functions/classify.ts'
import { namesIn } from '../statement/names-in.ts'
import { type Parsed, parseHere, refuseBytes, tooDeep } from '../statement/parse.ts'
import { decide, type Reason, type Verdict } from './decide.ts'
import { compileLabels } from './labels.ts'
import { splitName } from './patterns.ts'
import type { Effect, Policy } from './policy.ts'

/** A verdict with what it rests on, as JSON. Nothing was run. */
export interface Explanation {
  readonly effect: Effect
  /** Null when no rule matched, which denies, or when the text could not be read. */
  readonly rule: { readonly id: string; readonly policy: string; readonly place: number; readonly line: number | null } | null
  readonly policyVersion: string
  /** What in the statement met the rule, in words; `reasons` has their places. */
  readonly because: readonly string[]
  readonly reasons: readonly Reason[]
  readonly hint: string
  readonly labels: readonly string[]
  readonly facts: {
    readonly verbs: readonly Verb[]
    readonly relations: readonly { readonly name: string; readonly access: 'read' | 'write'; readonly via: string | null }[]
    readonly columns: readonly { readonly name: string; readonly how: 'shows' | 'uses'; readonly label: string | null }[]
    readonly functions: readonly string[]
    readonly unknown: readonly string[]
  }
  /** True: no database was asked, and what the statement names was taken to exist. */
  readonly assumed: boolean
  readonly error: { readonly sqlstate: string; readonly message: string; readonly position: number | null } | null
}

export interface ExplainOptions {
  readonly policy: Policy
  readonly groups: readonly string[]
  readonly now: Date
  /** Undefined: relations that the statement names are taken to exist. */
  readonly catalog?: Catalog | undefined
}

const MAX_BYTES = 1_048_576

/** The verdict that the text would get, and why. Only refuses by saying so in `error`. */
export async function explain(sql: string, options: ExplainOptions): Promise<Explanation> {
  await loadModule()
  const text = Buffer.from(sql, 'utf8')
  const parsed = parse(text, sql)
  if ('refused' in parsed) return unreadable(parsed.refused, options)
  const catalog = options.catalog ?? assumeFor(parsed.tree, options.policy)
  return explainAnalysis(analyseTree(parsed.tree, text.length, catalog), catalog, options)
}

/** As `explain`, for a text that an analyst has read already. */
export function explainAnalysis(analysis: Analysis, catalog: Catalog, options: ExplainOptions): Explanation {
  if (analysis instanceof GatewayError) return unreadable(analysis, options)
  const { policy, groups, now } = options
  return describe(decide(analysis.statements, policy, catalog, { groups }, now), analysis.statements, catalog, policy)
}

function parse(text: Buffer, sql: string): Parsed {
  const refused = refuseBytes(text, MAX_BYTES)
  if (refused !== undefined) return { refused }
  try {
    return parseHere(sql)
  } catch (error) {
    if (error instanceof RangeError) return { refused: tooDeep() }
    throw error
  }
}

function assumeFor(tree: ParseResult, policy: Policy): Catalog {
  const { relations, columns } = namesIn(tree)
  const known = policy.sensitive
    .flatMap((label) => label.columns)
    .map(splitName)
    .filter((parts) => parts.length === 3)
    .map(([schema = '', table = '', column = '']) => ({ schema, table, column }))
  return assumeCatalog({ relations, columns, known, functions: classedNames() })
}

function describe(verdict: Verdict, facts: readonly StatementFacts[], catalog: Catalog, policy: Policy): Explanation {
  const labels = compileLabels(policy, catalog)
  const { rule } = verdict
  return {
    effect: verdict.effect,
    rule: rule === undefined ? null : { id: rule.id, policy: rule.policy, place: rule.place, line: rule.line ?? null },
    policyVersion: verdict.policyVersion,
    because: verdict.because.map((reason) => reason.what),
    reasons: verdict.because,
    hint: verdict.hint,
    labels: verdict.labels,
    facts: {
      verbs: [...new Set(facts.flatMap((one) => one.verbs))],
      relations: unique(
        facts.flatMap((one) => one.relations.map((use) => ({ name: use.relation, access: use.access, via: use.via ?? null }))),
      ),
      columns: unique(
        facts.flatMap((one) =>
          one.columns.map((use) => ({
            name: `${use.relation}.${use.column}`,
            how: use.how,
            label: labels.of(use.oid, use.attnum)?.label ?? null,
          })),
        ),
      ),
      functions: [...new Set(facts.flatMap((one) => one.functions.map((fn) => fn.name)))],
      unknown: [...new Set(facts.flatMap((one) => one.unknown.map((unknown) => unknown.what)))],
    },
    assumed: catalog.assumed,
    error: null,
  }
}

function unreadable(error: GatewayError, { policy, catalog }: ExplainOptions): Explanation {
  const { sqlstate, message, position, hint } = error.fields
  return {
    effect: 'deny',
    rule: null,
    policyVersion: policy.version,
    because: [message],
    reasons: [],
    hint: hint ?? '',
    labels: [],
    facts: { verbs: [], relations: [], columns: [], functions: [], unknown: [] },
    assumed: catalog === undefined,
    error: { sqlstate, message, position: position ?? null },
  }
}

function unique<T>(all: readonly T[]): T[] {
  const seen = new Set<string>()
  return all.filter((one) => {
    const key = JSON.stringify(one)
    return !seen.has(key) && seen.add(key).size > 0
  })
}
