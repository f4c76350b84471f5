import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { explain } from '../../proxy/verdict/explain.ts'
import type { Effect, Policy } from '../../proxy/verdict/policy.ts'
import type { Config, PolicyTestConfig } from '../config.ts'
import { compilePolicy } from './compile.ts'

/** How one entry of `tests` came out. */
export interface PolicyTestOutcome {
  /** In the file, from 0. */
  readonly index: number
  readonly test: PolicyTestConfig
  readonly passed: boolean
  readonly effect: Effect
  /** `agents-on-shop/3`; null: no rule matched, or the text could not be read. */
  readonly rule: string | null
  readonly because: readonly string[]
  /** What was expected and what came instead; null when it passed. */
  readonly message: string | null
  /** Judged with the catalog of the real database. */
  readonly live: boolean
}

/** Masked values are not made here, so the key of the mask form `token` does not matter. */
const NO_KEY = Buffer.alloc(32)

export interface TestSources {
  /** The database's own; undefined: what a statement names is taken to exist. */
  catalog(connection: string): Promise<Catalog | undefined>
  /** What admins vouch for beside the configuration. */
  vouched(connection: string): Policy['vouched']
  readonly now: Date
}

/** Judges every statement of the configuration's tests by its own policies, in order. Nothing is run. */
export async function runTests(config: Config, sources: TestSources): Promise<PolicyTestOutcome[]> {
  const policies = new Map<string, Policy>()
  const outcomes: PolicyTestOutcome[] = []
  for (const [index, test] of config.tests.entries()) {
    const { connection } = test
    const policy = policies.get(connection) ?? compilePolicy(config, connection, NO_KEY, sources.vouched(connection))
    policies.set(connection, policy)
    const catalog = await sources.catalog(connection)
    const found = await explain(test.statement, { policy, groups: test.as, now: test.at ?? sources.now, catalog })
    const rule = found.rule?.id ?? null
    const passed = found.effect === test.expect && (test.rule === undefined || test.rule === rule)
    const message = passed ? null : describe(test, found.effect, rule, found.because)
    outcomes.push({ index, test, passed, effect: found.effect, rule, because: found.because, message, live: catalog !== undefined })
  }
  return outcomes
}

function describe(test: PolicyTestConfig, effect: Effect, rule: string | null, because: readonly string[]): string {
  const wanted = test.rule === undefined ? test.expect : `${test.expect} by "${test.rule}"`
  const came = rule === null ? `${effect} (no rule matches)` : `${effect} by "${rule}"`
  const why = because.length === 0 ? '' : `: ${because.join('; ')}`
  return `expected ${wanted}, but it is ${came}${why}.`
}
