import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { Config } from '../config.ts'
import { compilePolicy } from '../policies/compile.ts'
import { replayRecorded, type WhatIf, type WhatIfSources } from '../what-if/replay-recorded.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { readDraft } from './read-draft.ts'
import { serveCall } from './serve-call.ts'

const MAX_GROUPS = 500

/** What a draft policy would have said of what was asked. */
export function serveWhatIf(app: OpenAPIHono, context: ApiContext): void {
  const { recordings, gateway } = context
  serveCall(app, context, 'whatIf', async ({ body }) => {
    const draft = readDraft(body.draft, context.config.current())
    const result = await replayRecorded(
      { db: recordings.db, analyst: gateway.analyst, ...sourcesOf(context, draft) },
      { from: body.from, to: body.to, connection: body.connection },
    )
    return present(result)
  })
}

/** Catalogs and compiled policies, each made once in a call. A connection that is no longer configured is left out. */
function sourcesOf({ upstreams, gateway, policies }: ApiContext, draft: Config): Pick<WhatIfSources, 'catalog' | 'policy'> {
  const catalogs = new Map<string, Promise<Catalog> | undefined>()
  const compiled = new Map<string, Policy>()
  return {
    catalog: async (connection) => {
      if (!catalogs.has(connection)) {
        const upstream = upstreams.own(connection)
        catalogs.set(connection, upstream === undefined ? undefined : Promise.resolve(gateway.catalog(upstream)))
      }
      try {
        return await catalogs.get(connection)
      } catch (cause) {
        if (!(cause instanceof GatewayError)) throw cause
        throw new ApiProblem(503, cause.code, `The database behind "${connection}" cannot be asked for its catalog: ${cause.message}.`)
      }
    },
    policy: (connection) => {
      // Functions that an admin vouches for now are known now: the draft changes rules, not that.
      const { vouched, followed } = policies.current(connection)
      const policy = compiled.get(connection) ?? compilePolicy(draft, connection, Buffer.alloc(32), vouched, followed)
      compiled.set(connection, policy)
      return policy
    },
  }
}

function present({ groups, judged, unclear, cut }: WhatIf) {
  const totals = new Map<string, { was: WhatIf['groups'][number]['was']; now: WhatIf['groups'][number]['now']; statements: number }>()
  for (const { was, now, statements } of groups) {
    const total = totals.get(`${was} ${now}`) ?? { was, now, statements: 0 }
    total.statements += statements
    totals.set(`${was} ${now}`, total)
  }
  return {
    judged,
    totals: [...totals.values()],
    groups: groups.slice(0, MAX_GROUPS).map(({ people, because, ...group }) => ({
      ...group,
      because: [...because],
      changed: group.was !== group.now,
      people: people.size,
    })),
    unclear,
    cut,
  }
}
