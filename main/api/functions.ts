import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Catalog, FunctionInfo } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { personJson } from '../approvals/approval-detail.ts'
import type { TeamFunction } from '../contract/functions.ts'
import type { Person } from '../contract/people.ts'
import { recentSignIn } from '../identity/recent-sign-in.ts'
import { describeRoutine } from '../vouches/describe-routine.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'
import { serveCall } from './serve-call.ts'

/** The team's own functions of a connection, and an admin's word on each. */
export function serveFunctions(app: OpenAPIHono, context: ApiContext): void {
  const { vouches, log } = context

  serveCall(app, context, 'listFunctions', async ({ params }) => {
    const catalog = await catalogOf(context, params.name)
    const own = [...catalog.functions()].filter((fn) => fn.source !== undefined)
    own.sort((a, b) => (a.signature < b.signature ? -1 : 1))
    return { items: own.map((fn) => present(context, params.name, catalog, fn)) }
  })

  serveCall(app, context, 'vouch', async ({ params, body, caller }) => {
    const by = vouchingPerson(context, caller)
    const catalog = await catalogOf(context, params.name)
    const fn = find(catalog, params.fn)
    const source = fn.source ?? ''
    if (source !== body.sha256) {
      throw new ApiProblem(409, 'changed', `${fn.signature} has changed since you read it. Read it again, then vouch for it.`)
    }
    vouches.vouch(params.name, { signature: fn.signature, source }, body.reason, by)
    log.info('function-vouched', {
      connection: params.name,
      function: fn.signature,
      sha256: source,
      issuer: by.issuer,
      subject: by.subject,
    })
    return present(context, params.name, catalog, fn)
  })

  serveCall(app, context, 'withdrawVouch', async ({ params, caller }) => {
    const by = vouchingPerson(context, caller)
    const catalog = await catalogOf(context, params.name)
    const fn = find(catalog, params.fn)
    if (!vouches.withdraw(params.name, fn.signature, by)) {
      throw new ApiProblem(
        404,
        'not-found',
        `Nobody has vouched for ${fn.signature} here. What the configuration vouches for is changed there.`,
      )
    }
    log.info('function-vouch-withdrawn', { connection: params.name, function: fn.signature, issuer: by.issuer, subject: by.subject })
    return present(context, params.name, catalog, fn)
  })
}

async function catalogOf({ upstreams, gateway }: ApiContext, connection: string): Promise<Catalog> {
  const upstream = upstreams.own(connection)
  if (upstream === undefined) throw new ApiProblem(404, 'not-found', `There is no connection "${connection}".`)
  try {
    return await gateway.catalog(upstream)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new ApiProblem(503, error.code, `The database behind "${connection}" cannot be asked for its functions: ${error.message}.`)
  }
}

/** By `pg_proc.oid` or by signature. */
function find(catalog: Catalog, name: string): FunctionInfo {
  const found = /^\d+$/.test(name) ? catalog.fn(Number(name)) : [...catalog.functions()].find((fn) => fn.signature === name)
  if (found?.source === undefined) throw new ApiProblem(404, 'not-found', `There is no function "${name}" of the team's own here.`)
  return found
}

/** An admin in person, who has just signed in: the same as for a decision. */
function vouchingPerson({ config, clock }: ApiContext, { who }: Caller): Person {
  if (who.kind === 'agent') {
    throw new ApiProblem(403, 'not-yours', 'An agent cannot vouch for a function, whatever groups it is in. A person signs in and does it.')
  }
  const { recentSignInMs } = config.current().identity
  if (!recentSignIn(who.authTime, recentSignInMs, clock.now())) {
    const minutes = Math.max(1, Math.round(recentSignInMs / 60_000))
    throw new ApiProblem(
      403,
      'sign-in-old',
      `Your sign-in is too old: this needs one from the last ${minutes} min. Sign in again, then vouch.`,
    )
  }
  return { name: who.name, issuer: who.issuer, subject: who.subject, kind: who.kind }
}

function present({ vouches, policies }: ApiContext, connection: string, catalog: Catalog, fn: FunctionInfo): TeamFunction {
  const standing = vouches.standing(connection).find((row) => row.function === fn.signature)
  const named = policies.current(connection).vouched.filter((one) => one.function === fn.signature)
  const state = named.some((one) => one.source === fn.source) ? 'vouched' : named.length > 0 ? 'changed' : 'not'
  return {
    ...describeRoutine(catalog, fn),
    state,
    vouch:
      standing === undefined
        ? null
        : {
            by: personJson.parse(JSON.parse(standing.vouched_by)),
            at: standing.vouched_at,
            reason: standing.reason,
            sha256: standing.source,
          },
  }
}
