import type { z } from 'zod'
import type { CheckedText } from '../config/check-configuration.ts'
import { type ChangeOrder, type ChangeOutcome, ConfigurationRefusal } from '../config/configuration-desk.ts'
import { ConfigError } from '../config/faults.ts'
import type { Config } from '../config.ts'
import { findStrays } from '../connections/find-strays.ts'
import type { ActDetails } from '../contract/audit.ts'
import { type changeResponseSchema, configurationCheckSchema } from '../contract/configuration.ts'
import { recentSignIn } from '../identity/recent-sign-in.ts'
import { rolesOf } from '../identity/roles.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'

const STATUS: Readonly<Record<ConfigurationRefusal['kind'], number>> = { meanwhile: 409, faults: 400, 'needs-force': 422, unknown: 404 }
const KIND: Readonly<Record<ConfigurationRefusal['kind'], string>> = {
  meanwhile: 'changed-meanwhile',
  faults: 'configuration',
  'needs-force': 'needs-force',
  unknown: 'not-found',
}

/** Who changes the configuration, and on what terms. Throws 403 where a browser's sign-in is too old: a page left open is no admin. */
export function orderOf(
  context: ApiContext,
  caller: Caller,
  { version, comment = '', force = false }: { readonly version: number; readonly comment?: string; readonly force?: boolean },
): ChangeOrder {
  demandRecent(context, caller)
  return { version, comment, force, author: authorOf(caller), lockedOut: (next) => lockedOut(context.config.current(), next, caller) }
}

export function authorOf({ who: { name, issuer, subject, kind } }: Caller): ChangeOrder['author'] {
  return { name, issuer, subject, kind }
}

export function demandRecent({ config, clock }: ApiContext, { who, cookieValue }: Caller): void {
  const { recentSignInMs } = config.current().identity
  if (cookieValue === undefined || recentSignIn(who.authTime, recentSignInMs, clock.now())) return
  const minutes = Math.max(1, Math.round(recentSignInMs / 60_000))
  const text = `Your sign-in is too old: a change of the configuration needs one from the last ${minutes} min. Sign in again, then send it once more.`
  throw new ApiProblem(403, 'sign-in-old', text)
}

/** Why this admin would be none under another configuration. Whoever was none by the present one cannot lose it. */
export function lockedOut(now: Config, next: Config, { who }: Pick<Caller, 'who'>): string | undefined {
  if (!rolesOf(who, now.roles).includes('admin')) return undefined
  if (!rolesOf(who, next.roles).includes('admin')) return 'You would no longer be an admin by it: none of your groups is among roles.admin.'
  const known = (config: Config) => config.identity.providers.some(({ issuer }) => issuer === who.issuer)
  return known(now) && !known(next) ? 'You could no longer sign in by it: your identity provider is not in it.' : undefined
}

/** Does it, says in the record what it was, and words what came of it. */
export async function answerChange(
  context: ApiContext,
  note: (details: ActDetails) => void,
  change: () => Promise<ChangeOutcome>,
): Promise<z.input<typeof changeResponseSchema>> {
  const before = context.config.current()
  const live = context.gateway.live()
  try {
    const { version, changed, checked } = await change()
    const endedSessions = changed ? findStrays(live, context.config.current(), before).length : 0
    note({ version, changed, ...touched(checked), endedSessions })
    return { version, changed, endedSessions, check: presentCheck(context, checked, undefined) }
  } catch (cause) {
    throw problemOf(cause)
  }
}

const MAX_NAMED = 50

function touched({ difference }: CheckedText): ActDetails {
  return { added: difference.added, removed: difference.removed, paths: difference.changes.slice(0, MAX_NAMED).map(({ path }) => path) }
}

/** Refusals as the API words them; what is none of them goes on as it is. */
export function problemOf(cause: unknown): unknown {
  if (cause instanceof ConfigError) cause = new ConfigurationRefusal('faults', cause.message, cause.faults)
  if (!(cause instanceof ConfigurationRefusal)) return cause
  const errors = cause.faults.map(({ line, path, message, allowed }) => ({
    at: [path, line > 0 ? `line ${line}` : ''].filter((part) => part !== '').join(', '),
    message: allowed === undefined ? message : `${message} Allowed: ${allowed}`,
  }))
  return new ApiProblem(STATUS[cause.kind], KIND[cause.kind], cause.message, errors.length === 0 ? undefined : errors)
}

/** `caller`: also says what they themselves would lose by it. */
export function presentCheck(
  context: ApiContext,
  checked: CheckedText,
  caller: Caller | undefined,
): z.output<typeof configurationCheckSchema> {
  const { config, faults, tests, difference, fromNextStart } = checked
  const now = context.config.current()
  const lost = caller === undefined || config === undefined ? undefined : lockedOut(now, config, caller)
  const lockOut = lost === undefined ? [] : [{ kind: 'lock-out' as const, line: 0, column: 0, path: 'roles', message: lost }]
  return configurationCheckSchema.parse({
    ok: config !== undefined && lost === undefined && tests.every(({ passed }) => passed),
    faults: faults.map(({ line, column, path, message, allowed }) => ({ line, column, path, message, allowed: allowed ?? null })),
    warnings: [...lockOut, ...checked.warnings],
    tests: tests.map(({ index, test, passed, effect, rule, because, message, live }) => ({
      index,
      line: test.line,
      name: test.name ?? null,
      statement: test.statement,
      connection: test.connection,
      as: test.as,
      passed,
      expect: test.expect,
      effect,
      rule,
      because,
      message,
      live,
    })),
    difference,
    fromNextStart,
    endsSessions: config === undefined ? 0 : findStrays(context.gateway.live(), config, now).length,
  })
}
