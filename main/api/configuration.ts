import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Rule } from '../../proxy/verdict/policy.ts'
import { sentenceOfRule } from '../approvals/rule-sentence.ts'
import type { PolicyRule } from '../contract/policies.ts'
import { admit } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { findCaller } from './caller.ts'
import { serveCall } from './serve-call.ts'

/** Policies, masking and connections: read here, and in this version changed in the file. */
export function serveConfiguration(app: OpenAPIHono, context: ApiContext): void {
  const { config, policies, gateway } = context

  serveCall(app, context, 'policies', () => ({
    version: policies.version(),
    policies: config.current().policies.map(({ name, groups, connections }) => ({
      name,
      groups: [...groups],
      connections: [...connections],
      rules: rulesOf(context, name, connections),
    })),
  }))

  serveCall(app, context, 'masking', () => ({
    labels: config.current().sensitive.map(({ connection, label, mask, predicates, columns }) => ({
      connection,
      label,
      mask,
      predicates,
      columns: [...columns],
    })),
    patterns: config
      .current()
      .patterns.map(({ name, mask, regex }) => ({ name, mask, regex: regex ?? null, builtIn: regex === undefined })),
    untrusted: config.current().untrusted.map(({ connection, tables }) => ({ connection, tables: [...tables] })),
  }))

  serveCall(app, context, 'connections', () => ({
    items: config.current().connections.map(({ name, engine, host, port, database, user, tls, groups, limits }) => ({
      name,
      engine,
      host,
      port,
      database,
      user,
      passwordSet: true,
      tls,
      groups: [...groups],
      limits: { ...limits },
    })),
    proxy: `${gateway.address.host}:${gateway.address.port}`,
  }))

  for (const path of ['/api/policies', '/api/masking', '/api/connections']) {
    app.put(path, async (c) => {
      admit('admin', await findCaller(context, c.req.raw))
      throw new ApiProblem(501, 'not-yet', `This version reads it from ${config.current().file} only. Edit the file and restart the host.`)
    })
  }
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
    hours: hours === undefined ? null : { fromMinute: hours.fromMinute, toMinute: hours.toMinute, days: listOrNull(hours.days) },
    approvers: [...rule.approvers],
    waitMs: rule.waitMs,
    maxRows: rule.maxRows ?? null,
    message: rule.message ?? null,
    reason: rule.reason ?? null,
    line: rule.line ?? null,
  }
}

function listOrNull<T>(list: readonly T[] | undefined): T[] | null {
  return list === undefined ? null : [...list]
}
