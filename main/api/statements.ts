import type { OpenAPIHono } from '@hono/zod-openapi'
import { excerptOf } from '../recordings/excerpt.ts'
import { searchStatements } from '../recordings/search-statements.ts'
import type { SomeonesRow } from '../store/sessions-table.ts'
import { onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { isOwn } from './caller.ts'
import { serveCall } from './serve-call.ts'
import { filterOf } from './sessions.ts'

/** Statements over all sessions, and the kill switch for a person. */
export function serveStatements(app: OpenAPIHono, context: ApiContext): void {
  const { recordings, gateway, log } = context

  serveCall(app, context, 'listStatements', ({ query, caller }) => {
    const { db } = recordings
    const limit = query.limit ?? 50
    const before = query.after === undefined ? undefined : Number(query.after)
    if (before !== undefined && !Number.isSafeInteger(before)) {
      throw new ApiProblem(400, 'not-understood', 'query.after is not what "next" said.')
    }
    const readSession = db.prepare<[number], SomeonesRow>('SELECT * FROM sessions WHERE number = ?')
    const readText = db.prepare<[number], { body: Buffer }>('SELECT body FROM objects WHERE id = ?')
    const items = []
    let next: string | null = null
    for (const use of searchStatements(db, { ...filterOf(query), who: onlyOwn(caller) ? caller.who : undefined }, before)) {
      const row = readSession.get(use.session)
      if (row === undefined) continue
      if (items.length === limit) {
        next = String(use.id + 1)
        break
      }
      items.push({
        session: row.id,
        connection: row.connection,
        who: { name: row.name, issuer: row.issuer, subject: row.subject, kind: row.kind },
        statement: use.statement,
        seq: use.seq,
        at: use.at,
        effect: use.effect,
        excerpt: excerptOf(readText.get(use.object)?.body.toString() ?? '', query.q),
      })
    }
    return { items, next }
  })

  serveCall(app, context, 'terminatePerson', ({ body, caller }) => {
    if (!caller.roles.includes('admin') && !isOwn(caller, body)) {
      throw new ApiProblem(403, 'no-role', 'Ending someone else’s sessions needs the role of admin.')
    }
    const theirs = gateway.live().filter(({ who }) => who.issuer === body.issuer && who.subject === body.subject)
    for (const live of theirs) live.end(body.reason === '' ? `ended by ${caller.who.name}` : `ended by ${caller.who.name}: ${body.reason}`)
    log.info('sessions-ended', { of: body.subject, count: theirs.length, issuer: caller.who.issuer, subject: caller.who.subject })
    return { ended: theirs.length }
  })
}
