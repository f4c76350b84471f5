import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Rule } from '../../proxy/verdict/policy.ts'
import { sentenceOfRule } from '../approvals/rule-sentence.ts'
import type { PolicyRule } from '../contract/policies.ts'
import type { ApiContext } from './api-context.ts'
import { answerChange, authorOf, demandRecent, orderOf, problemOf } from './change-configuration.ts'
import { serveCall } from './serve-call.ts'

/** Policies, masking and connections: parts of the configuration in force, and the ways to change them. */
export function serveConfiguration(app: OpenAPIHono, context: ApiContext): void {
  const { config, configuration, policies, gateway, leases } = context
  const version = (): number => configuration.current().version

  serveCall(app, context, 'policies', () => ({
    version: version(),
    policyVersion: policies.version(),
    source: { policies: section(context, 'policies'), tests: section(context, 'tests') },
    policies: config.current().policies.map(({ name, groups, connections }) => ({
      name,
      groups: [...groups],
      connections: [...connections],
      rules: rulesOf(context, name, connections),
    })),
  }))

  serveCall(app, context, 'changePolicies', ({ body: { policies: rules, tests, ...order }, caller, note }) =>
    answerChange(context, note, () =>
      configuration.changeSections({ policies: rules, ...(tests === undefined ? {} : { tests }) }, orderOf(context, caller, order)),
    ),
  )

  serveCall(app, context, 'masking', () => ({
    version: version(),
    source: {
      sensitive: section(context, 'sensitive'),
      untrusted: section(context, 'untrusted'),
      patterns: section(context, 'patterns'),
      vouched: section(context, 'vouched'),
    },
    labels: config.current().sensitive.map(({ connection, label, mask, predicates, columns }) => ({
      connection,
      label,
      mask,
      predicates,
      columns: [...columns],
    })),
    patterns: config.current().patterns.map(({ name, mask, regex }) => ({
      name,
      mask,
      regex: regex ?? null,
      builtIn: regex === undefined,
    })),
    untrusted: config.current().untrusted.map(({ connection, tables }) => ({ connection, tables: [...tables] })),
  }))

  serveCall(app, context, 'changeMasking', ({ body: { sensitive, untrusted, patterns, vouched, ...order }, caller, note }) =>
    answerChange(context, note, () => {
      const given = Object.entries({ sensitive, untrusted, patterns, vouched }).filter(([, value]) => value !== undefined)
      return configuration.changeSections(Object.fromEntries(given), orderOf(context, caller, order))
    }),
  )

  serveCall(app, context, 'connections', () => ({
    version: version(),
    source: section(context, 'connections'),
    items: config
      .current()
      .connections.map(({ name, engine, host, port, database, user, password, credential, lease, tls, groups, limits }) => ({
        name,
        engine,
        host,
        port,
        database,
        user,
        passwordSet: password !== undefined || (lease !== undefined && leases.current(name) !== undefined),
        credential: { ...credential },
        lease: lease === undefined ? null : { until: leases.until(name) ?? null, failure: leases.failure(name) ?? null },
        tls,
        groups: [...groups],
        limits: { ...limits },
      })),
    proxy: `${gateway.address.host}:${gateway.address.port}`,
  }))

  serveCall(app, context, 'changeConnections', ({ body: { connections, ...order }, caller, note }) =>
    answerChange(context, note, () => configuration.changeSections({ connections }, orderOf(context, caller, order))),
  )

  serveCall(app, context, 'writeCredential', ({ params, body, caller, note }) => {
    demandRecent(context, caller)
    try {
      const written = configuration.writeCredential(params.name, body.password, { author: authorOf(caller), comment: body.comment })
      note({ ...written })
      return written
    } catch (cause) {
      throw problemOf(cause)
    }
  })
}

/** As it stands in the configuration. */
function section({ configuration }: ApiContext, key: string): Record<string, unknown>[] {
  const value = configuration.values()[key]
  return Array.isArray(value) ? value : []
}

/** A policy's rules are the same for each of its connections: they are read from the first. */
function rulesOf({ policies }: ApiContext, policy: string, connections: readonly string[]): PolicyRule[] {
  const first = connections[0]
  const group = first === undefined ? undefined : policies.current(first).policies.find((one) => one.name === policy)
  return (group?.rules ?? []).map(presentRule)
}

function presentRule(rule: Rule): PolicyRule {
  const { hours } = rule
  return {
    id: rule.id,
    place: rule.place,
    effect: rule.effect,
    sentence: sentenceOfRule(rule),
    statements: listOrNull(rule.statements),
    tables: listOrNull(rule.tables),
    touches: listOrNull(rule.touches),
    shows: listOrNull(rule.shows),
    uses: listOrNull(rule.uses),
    without: rule.without ?? null,
    functions: listOrNull(rule.functions),
    afterUntrusted: rule.afterUntrusted === true,
    hours: hours === undefined ? null : { fromMinute: hours.fromMinute, toMinute: hours.toMinute, days: listOrNull(hours.days) },
    approvers: [...rule.approvers],
    waitMs: rule.waitMs,
    approvals: rule.approvals ?? 1,
    passkey: rule.passkey === true,
    maxRows: rule.maxRows ?? null,
    message: rule.message ?? null,
    reason: rule.reason ?? null,
    line: rule.line ?? null,
  }
}

function listOrNull<T>(list: readonly T[] | undefined): T[] | null {
  return list === undefined ? null : [...list]
}
