import type { Gateway } from '../../../proxy/gateway.ts'
import type { ApprovalRequest, Clock, Log, Policies, Upstream } from '../../../proxy/ports.ts'
import type { Preview } from '../../contract/card.ts'
import type { Person } from '../../contract/people.ts'
import type { ApprovalDesk } from '../create-approvals.ts'
import { makePreview } from './make-preview.ts'
import { openPreviewConnection, type PreviewConnection } from './preview-connection.ts'
import { type Rehearsed, rehearse, whyNotRehearsed } from './rehearse.ts'
import { readStatement, statementToPreview, type ToPreview } from './statement-to-preview.ts'
import { NO_PREVIEW, parsePreview } from './stored-preview.ts'

/** Requests that wait for their preview on one connection; one more is shown without. */
const MAX_QUEUED = 50

/** Finds out about requests while people already look at them: one at a time on each connection, never in the statement's way. */
export interface Previewer {
  /** Begins a rehearsal, and returns at once: its outcome comes with a new revision. Text: why it cannot begin. */
  rehearse(id: number, by: Person): string | undefined
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>
  /** Begins nothing more. */
  close(): void
}

export interface PreviewerOptions {
  readonly approvals: ApprovalDesk
  readonly upstreams: { own(connection: string): Upstream | undefined }
  readonly gateway: Pick<Gateway, 'analyst' | 'catalog'>
  readonly policies: Policies
  readonly clock: Clock
  readonly log: Log
}

type Job = (connection: PreviewConnection, upstream: Upstream) => Promise<void>

export function createPreviewer(options: PreviewerOptions): Previewer {
  const { approvals, upstreams, gateway, policies, clock, log } = options
  /** What is needed to look once more, while a request is pending. Never stored: parameters may be in it. */
  const known = new Map<number, { readonly connection: string; readonly what: ToPreview }>()
  const queues = new Map<string, { readonly jobs: Job[]; running: Promise<void> }>()
  let closed = false

  const put = (id: number, preview: Preview): void => {
    if (!closed) approvals.putPreview(id, JSON.stringify(preview))
  }
  const change = (id: number, with_: Partial<Preview>): void => {
    const row = approvals.read(id)
    if (row !== undefined) put(id, { ...parsePreview(row.preview), ...with_ })
  }

  /** False: too many wait already. */
  const enqueue = (connection: string, job: Job): boolean => {
    const queue = queues.get(connection) ?? { jobs: [], running: Promise.resolve() }
    if (queue.jobs.length >= MAX_QUEUED) return false
    queue.jobs.push(job)
    if (!queues.has(connection)) {
      queues.set(connection, queue)
      queue.running = drain(connection, queue.jobs).finally(() => queues.delete(connection))
    }
    return true
  }

  /** One login serves all that wait. */
  const drain = async (name: string, jobs: Job[]): Promise<void> => {
    let open: PreviewConnection | undefined
    for (let job = jobs.shift(); job !== undefined && !closed; job = jobs.shift()) {
      try {
        const upstream = upstreams.own(name)
        if (upstream === undefined) throw new Error('the connection is not in the configuration any more')
        open ??= await openPreviewConnection(upstream)
        await job(open, upstream)
      } catch (cause) {
        log.warn('preview-failed', { connection: name, reason: cause instanceof Error ? cause.message : String(cause) })
        open?.close()
        open = undefined
      }
    }
    open?.close()
  }

  const onAsked = (id: number, request: ApprovalRequest): void => {
    const row = approvals.read(id)
    // Asked again by another client: one look is enough, unless the host was started anew since.
    if (row === undefined || row.state !== 'pending' || known.has(id)) return
    const what = statementToPreview(request)
    if (typeof what === 'string') {
      put(id, { ...NO_PREVIEW, note: what, whyNoRehearsal: what })
      return
    }
    known.set(id, { connection: request.connection, what })
    put(id, { ...NO_PREVIEW, state: 'pending' })
    const begun = enqueue(request.connection, async (connection, upstream) => {
      if (approvals.read(id)?.state !== 'pending') return
      try {
        put(id, await look(connection, upstream, request.connection, what, row.max_rows))
      } catch (cause) {
        change(id, { state: 'failed', note: 'The database could not be asked.', at: clock.now() })
        throw cause
      }
    })
    if (!begun) put(id, { ...NO_PREVIEW, note: 'Too many requests came at once to look into each.' })
  }

  const look = async (
    connection: PreviewConnection,
    upstream: Upstream,
    name: string,
    what: ToPreview,
    maxRows: number | null,
  ): Promise<Preview> => {
    const catalog = await gateway.catalog(upstream)
    const read = await readStatement(what, catalog, gateway.analyst)
    if (typeof read === 'string') return { ...NO_PREVIEW, note: read, whyNoRehearsal: read }
    const { sql, facts } = read
    const { inTransaction } = what
    const policy = policies.current(name)
    const found = await makePreview({
      connection,
      sql,
      facts,
      maxRows,
      inTransaction,
      now: clock.now(),
      analyst: gateway.analyst,
      catalog,
      policy,
    })
    return { ...found, whyNoRehearsal: whyNotRehearsed(sql, facts, catalog) ?? null }
  }

  // What was under way when the host stopped comes to nothing.
  for (const row of approvals.list({ state: 'pending', requester: undefined, after: 0, limit: 10_000 })) {
    const preview = parsePreview(row.preview)
    const again = 'The host was started anew. Ask the agent to send it again.'
    if (preview.state === 'pending') put(row.id, { ...preview, state: 'failed', note: again, whyNoRehearsal: again })
    else if (preview.whyNoRehearsal === null && preview.state !== 'none') put(row.id, { ...preview, whyNoRehearsal: again })
  }
  approvals.onAsked((row, request) => {
    try {
      onAsked(row.id, request)
    } catch (cause) {
      // The request stands, and so does the client's wait: people decide without it.
      log.warn('preview-failed', { connection: request.connection, reason: cause instanceof Error ? cause.message : String(cause) })
    }
  })
  approvals.onChange((id) => {
    if (known.size > 0 && approvals.read(id)?.state !== 'pending') known.delete(id)
  })

  return {
    rehearse(id, by) {
      const row = approvals.read(id)
      const found = known.get(id)
      if (row === undefined || row.state !== 'pending' || found === undefined) return 'It cannot be rehearsed any more.'
      const { rehearsal, whyNoRehearsal } = parsePreview(row.preview)
      if (whyNoRehearsal !== null) return whyNoRehearsal
      if (rehearsal?.state === 'running') return 'It is being rehearsed already.'
      const end = (rehearsed: Rehearsed): void => change(id, { rehearsal: { ...rehearsed, by, at: clock.now() } })
      const begun = enqueue(found.connection, async (connection, upstream) => {
        try {
          const catalog = await gateway.catalog(upstream)
          const read = await readStatement(found.what, catalog, gateway.analyst)
          if (typeof read === 'string') end({ state: 'refused', rows: null, ms: null, text: read })
          else end(await rehearse(connection, read.sql, read.facts, catalog))
        } catch (cause) {
          end({ state: 'failed', rows: null, ms: null, text: 'The database could not be asked.' })
          throw cause
        }
      })
      if (!begun) return 'Too many requests are being looked into. Try again soon.'
      change(id, { rehearsal: { state: 'running', by, at: clock.now(), rows: null, ms: null, text: '' } })
      return undefined
    },
    settled: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.running))
    },
    close: () => {
      closed = true
      known.clear()
    },
  }
}
