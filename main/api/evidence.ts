import type { OpenAPIHono } from '@hono/zod-openapi'
import { readKeys, readLastHead, readLastRemoval } from '../store/evidence-table.ts'
import type { ApiContext } from './api-context.ts'
import { serveCall } from './serve-call.ts'

/** What outsiders need to hold the record against, and what it does not keep any longer. */
export function serveEvidence(app: OpenAPIHono, context: ApiContext): void {
  const { recordings } = context
  serveCall(app, context, 'retention', () => {
    const { sessions, journalFiles, bytes } = recordings.describeRetention()
    return { sessions: [...sessions], journalFiles, bytes }
  })

  serveCall(app, context, 'runRetention', ({ caller }) => {
    context.log.info('retention-asked', { issuer: caller.who.issuer, subject: caller.who.subject })
    recordings.retain()
    return { begun: true }
  })

  serveCall(app, context, 'evidence', () => {
    const head = readLastHead(recordings.db)
    const removal = readLastRemoval(recordings.db)
    return {
      keys: readKeys(recordings.db).map((key) => ({ id: key.id, publicKey: key.public_key, since: key.since })),
      key: recordings.signingKey.id,
      head: head === undefined ? null : { body: head.body, signature: head.signature },
      removal: removal === undefined ? null : { body: removal.body, signature: removal.signature },
      vaultSealed: recordings.signingKey.sealed,
    }
  })
}
