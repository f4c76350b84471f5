import type { OpenAPIHono } from '@hono/zod-openapi'
import type { StreamEvent } from '../contract/stream.ts'
import { findSession, presentSession } from '../recordings/read-sessions.ts'
import { admit, onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { type Caller, findCaller, isOwn } from './caller.ts'
import { presentApproval } from './present-approval.ts'
import type { Numbered } from './stream-hub.ts'

const HEARTBEAT_MS = 15_000
/** A listener who does not read is let go; the browser comes back and reads the lists again. */
const MAX_UNREAD = 500

/** `GET /api/stream`: server-sent events (WHATWG HTML, section 9.2), resumed by Last-Event-ID. */
export function serveStream(app: OpenAPIHono, context: ApiContext): void {
  app.get('/api/stream', async (c) => {
    const caller = admit('own', await findCaller(context, c.req.raw))
    if (caller === undefined) throw new ApiProblem(401, 'sign-in', 'Sign in first.')
    // Nobody would ever read, or end, a stream that was opened for HEAD.
    return new Response(c.req.method === 'HEAD' ? null : openStream(context, c.req.raw, caller), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  })
}

function openStream(context: ApiContext, request: Request, first: Caller): ReadableStream<Uint8Array> {
  const { hub, webSessions } = context
  let caller = first
  const encoder = new TextEncoder()
  let stop: () => void = () => undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string): void => {
          if ((controller.desiredSize ?? 0) <= 0) end()
          else controller.enqueue(encoder.encode(text))
        }
        const send = (numbered: Numbered): void => {
          const event = readEvent(context, caller, numbered)
          if (event !== undefined) write(`id: ${hub.era}-${numbered.number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        }
        let ended = false
        const end = (): void => {
          if (ended) return
          ended = true
          stop()
          controller.close()
        }
        const unlisten = hub.listen(send)
        // A session that ended, or a token that ran out, ends its stream too; groups that were lost are lost here.
        const look = (): void => {
          callerNow(context, request, caller).then(
            (now) => {
              if (now === undefined) return end()
              caller = now
              if (!ended) write(': still here\n\n')
            },
            () => end(),
          )
        }
        const heart = setInterval(look, HEARTBEAT_MS)
        heart.unref()
        const unwatch = webSessions.onChange(look)
        stop = () => {
          unlisten()
          unwatch()
          clearInterval(heart)
        }
        write(`retry: 1000\nid: ${hub.era}-${hub.last}\n\n`)
        const missed = missedBy(context, request.headers.get('last-event-id'))
        if (missed === undefined) write(`event: reset\ndata: {"type":"reset"}\n\n`)
        else for (const numbered of missed) send(numbered)
      },
      cancel() {
        stop()
      },
    },
    new CountQueuingStrategy({ highWaterMark: MAX_UNREAD }),
  )
}

/** What this listener has not heard; undefined when that is not known any more. */
function missedBy({ hub }: ApiContext, lastEventId: string | null): Numbered[] | undefined {
  if (lastEventId === null) return []
  const [era, number] = lastEventId.split('-')
  return era === hub.era && number !== undefined && /^\d{1,15}$/.test(number) ? hub.since(Number(number)) : undefined
}

/** A database that cannot be read just now costs a listener this event, and nobody more. */
function readEvent(context: ApiContext, caller: Caller, numbered: Numbered): StreamEvent | undefined {
  try {
    return eventFor(context, caller, numbered)
  } catch (cause) {
    if (!context.recordings.noticeDamage(cause)) {
      context.log.error('stream-event-failed', { reason: cause instanceof Error ? cause.message : String(cause) })
    }
    return undefined
  }
}

function eventFor(context: ApiContext, caller: Caller, { change }: Numbered): StreamEvent | undefined {
  switch (change.kind) {
    case 'approval': {
      const row = context.approvals.read(change.id)
      if (row === undefined || (onlyOwn(caller) && !isOwn(caller, row))) return undefined
      return { type: 'approval', approval: presentApproval(context, row, caller) }
    }
    case 'session': {
      const row = findSession(context.recordings.db, change.id)
      if (row === undefined || (onlyOwn(caller) && !isOwn(caller, row))) return undefined
      const live = context.gateway.live().some((session) => session.id === row.id)
      return { type: 'session', session: presentSession(row, live, null) }
    }
    case 'health':
      return onlyOwn(caller) ? undefined : { type: 'health', health: context.health() }
    case 'configuration':
      return onlyOwn(caller) ? undefined : { type: 'configuration', version: context.configuration.current().version }
    case 'agents':
      return onlyOwn(caller) ? undefined : { type: 'agents', agents: context.agents.list() }
  }
}

async function callerNow(context: ApiContext, request: Request, caller: Caller): Promise<Caller | undefined> {
  return caller.who.expiresAt <= context.clock.now() ? undefined : await findCaller(context, request)
}
