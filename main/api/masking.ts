import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Catalog, Relation } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Upstream } from '../../proxy/ports.ts'
import type { FollowedLabel } from '../contract/masking.ts'
import { recentSignIn } from '../identity/recent-sign-in.ts'
import { findUnprotected } from '../masking/find-unprotected.ts'
import { previewTable } from '../masking/preview-table.ts'
import type { FollowedLabelRow } from '../store/followed-labels-table.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'
import { serveCall } from './serve-call.ts'

/** What masks do to a table's rows, and which columns nobody has thought of. Both read the database over a connection of the gateway's own. */
export function serveMasking(app: OpenAPIHono, context: ApiContext): void {
  const { policies, gateway, log, labels } = context

  serveCall(app, context, 'followedLabels', ({ query: { connection } }) => ({ items: present(context, connection) }))

  serveCall(app, context, 'removeFollowedLabel', ({ params: { id }, caller, note }) => {
    if (caller.who.kind === 'agent') throw new ApiProblem(403, 'not-yours', 'An agent removes no label, whatever groups it is in.')
    const row = labels.remove(id)
    if (row === undefined) throw new ApiProblem(404, 'not-found', `There is no followed label #${id}.`)
    note({ connection: row.connection, label: row.label, column: columnOf(row), source: row.source })
    return { items: present(context, row.connection) }
  })

  serveCall(app, context, 'previewMasking', async ({ body, caller }) => {
    const { connection, table, limit, before, labels: draft } = body
    if (before || draft !== undefined) demandPerson(context, caller)
    return reading(context, connection, (upstream, catalog) => {
      const relation = find(catalog, table)
      const { issuer, subject } = caller.who
      log.info('masking-preview', { connection, table: relation.label, limit, before, issuer, subject })
      const { analyst } = gateway
      const inForce = policies.current(connection)
      const sensitive = draft?.map(({ predicates, ...label }) => (predicates ? { ...label, predicates: true as const } : label))
      const policy = sensitive === undefined ? inForce : { ...inForce, sensitive }
      return previewTable({ upstream, catalog, policy, analyst, relation, limit, before })
    })
  })

  serveCall(app, context, 'unprotected', ({ query: { connection }, caller }) =>
    reading(context, connection, (upstream, catalog) => {
      log.info('masking-unprotected', { connection, issuer: caller.who.issuer, subject: caller.who.subject })
      return findUnprotected({ upstream, catalog, policy: policies.current(connection) })
    }),
  )
}

function present({ labels, policies }: ApiContext, connection: string | undefined): FollowedLabel[] {
  return labels
    .list(connection)
    .map((row): FollowedLabel => {
      const { id, label, why, source, session } = row
      const mask = policies.current(row.connection).sensitive.find((one) => one.label === label)?.mask ?? null
      const at = new Date(row.at).toISOString()
      return { id, connection: row.connection, label, mask, column: columnOf(row), why, source, plain: row.plain === 1, session, at }
    })
    .reverse()
}

function columnOf({ schema, name, column_name: column }: FollowedLabelRow): string {
  return `${schema === null ? '' : `${schema}.`}${name}.${column}`
}

async function reading<T>(
  { upstreams, gateway }: ApiContext,
  connection: string,
  work: (upstream: Upstream, catalog: Catalog) => Promise<T>,
): Promise<T> {
  const upstream = upstreams.own(connection)
  if (upstream === undefined) throw new ApiProblem(404, 'not-found', `There is no connection "${connection}".`)
  try {
    return await work(upstream, await gateway.catalog(upstream))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new ApiProblem(503, error.code, `The database behind "${connection}" could not be read: ${error.message}.`)
  }
}

function find(catalog: Catalog, table: string): Relation {
  for (const relation of catalog.relations()) {
    if (!relation.system && relation.columns.length > 0 && (`${relation.schema}.${relation.name}` === table || relation.label === table))
      return relation
  }
  throw new ApiProblem(404, 'not-found', `There is no table "${table}". Give it as schema.name.`)
}

/** Rows in clear are for an admin in person, who has just signed in: the same as for a decision. */
function demandPerson({ config, clock }: ApiContext, { who }: Caller): void {
  if (who.kind === 'agent') throw new ApiProblem(403, 'not-yours', 'An agent sees no rows in clear, whatever groups it is in.')
  const { recentSignInMs } = config.current().identity
  if (recentSignIn(who.authTime, recentSignInMs, clock.now())) return
  const minutes = Math.max(1, Math.round(recentSignInMs / 60_000))
  const text = `Your sign-in is too old: rows in clear need one from the last ${minutes} min. Sign in again, or ask without them.`
  throw new ApiProblem(403, 'sign-in-old', text)
}
