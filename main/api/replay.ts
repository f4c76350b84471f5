import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { fitsName, labelColumns } from '../approvals/label-columns.ts'
import { readDocument, sealSchema } from '../recordings/evidence-documents.ts'
import { keyRing } from '../recordings/key-ring.ts'
import { readActivity } from '../recordings/read-activity.ts'
import { readOutline } from '../recordings/read-outline.ts'
import { SessionVerifier } from '../recordings/verify-session.ts'
import { readKeys } from '../store/evidence-table.ts'
import { onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { serveCall } from './serve-call.ts'
import { visible } from './sessions.ts'

/** What a replay is drawn from, the proof of its record, and what all agents did over time. */
export function serveReplay(app: OpenAPIHono, context: ApiContext): void {
  const { recordings, policies, clock } = context

  serveCall(app, context, 'outline', ({ params, query, caller }) => {
    const row = visible(context, params.id, caller)
    const policy = policies.current(row.connection)
    const untrusted = (relation: string): boolean => policy.untrusted.some((pattern) => fitsName(pattern, relation))
    return readOutline(recordings.db, row, query.after ?? 0, untrusted, labelColumns(policy))
  })

  serveCall(app, context, 'proof', async ({ params, caller }) => {
    const row = visible(context, params.id, caller)
    const ring = keyRing(readKeys(recordings.db), undefined)
    const walk = new SessionVerifier(recordings.db, ring).walk(row, row.events)
    let step = walk.next()
    while (step.done !== true) {
      // Statements of agents go first.
      await nextTurn()
      step = walk.next()
    }
    const seal = row.seal === null ? undefined : readDocument(sealSchema, JSON.parse(row.seal))
    return {
      intact: step.value === undefined,
      events: row.events,
      signedEvents: seal?.events ?? 0,
      signedAt: seal?.at ?? null,
      fault: step.value ?? null,
    }
  })

  serveCall(app, context, 'activity', ({ query, caller }) =>
    readActivity(recordings.db, { ...query, to: clock.now(), who: onlyOwn(caller) ? caller.who : undefined }),
  )
}
