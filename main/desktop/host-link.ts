import type { Approval, Connection, Health, Me, StreamEvent } from '../contract/index.ts'
import { streamEventSchema } from '../contract/stream.ts'
import { askHost, type HostAddress, HostUnreachable } from './ask-host.ts'
import { type Credentials, callHost, HostRefused } from './call-host.ts'
import { eventReader } from './read-events.ts'

/** What is known of the host just now. */
export interface LinkNews {
  readonly link: 'starting' | 'signed-out' | 'live' | 'lost'
  readonly me: Me | undefined
  /** What is pending, by number. */
  readonly pending: ReadonlyMap<number, Approval>
  readonly health: Health['detail']
  readonly paused: boolean
  /** Why it is lost, in a sentence. */
  readonly why: string
  /** The host shows this certificate instead of the pinned one. */
  readonly otherCertificate: string | undefined
}

export interface HostLink {
  readonly news: LinkNews
  /** Rejects with `HostRefused` or `HostUnreachable`; what it became is told through `onNews` too. */
  decide(id: number, revision: number, decision: 'approve' | 'deny'): Promise<Approval>
  setPaused(paused: boolean): Promise<void>
  connections(): Promise<{ readonly proxy: string; readonly items: readonly Connection[] }>
  /** At once, not at the next attempt: somebody signed in, the computer woke up, the network changed. */
  reconnect(): void
  close(): void
}

export interface LinkOptions {
  readonly address: HostAddress
  readonly cookie: () => Promise<string | undefined>
  readonly onNews: (news: LinkNews) => void
  /** Milliseconds before each attempt; the last one is kept to. */
  readonly retryMs?: readonly number[]
}

const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000]
/** The host says something every 15 s; after this long without a word the line is dead. */
const SILENCE_MS = 40_000
const PAGE = 200
const NOT_TOLD = new Set([403, 404, 501])

/** Keeps up with one host: who is signed in, what is pending, whether agents are paused, how it is. Comes back by itself after anything but a sign-out. */
export function openHostLink({ address, cookie, onNews, retryMs = RETRY_MS }: LinkOptions): HostLink {
  const { ask, close } = askHost(address)
  const credentials: Credentials = { cookie, csrf: null }
  const pending = new Map<number, Approval>()
  let news: LinkNews = { link: 'starting', me: undefined, pending, health: undefined, paused: false, why: '', otherCertificate: undefined }
  let attempt = 0
  let timer: NodeJS.Timeout | undefined
  let current: AbortController | undefined
  let closed = false

  const call: Call = (name, input) => callHost(ask, address.origin, credentials, name, input)
  const tell = (changes: Partial<LinkNews>): void => {
    news = { ...news, ...changes }
    if (!closed) onNews(news)
  }
  const learn = (approval: Approval): void => {
    if (approval.state === 'pending') pending.set(approval.id, approval)
    else pending.delete(approval.id)
  }

  async function readAll(): Promise<void> {
    const found: Approval[] = []
    for (let after: string | undefined; ; ) {
      const page = await call('listApprovals', { query: { state: 'pending', limit: PAGE, ...(after === undefined ? {} : { after }) } })
      found.push(...page.items)
      if (page.next === null) break
      after = page.next
    }
    const [health, paused] = await Promise.all([call('health', {}), readPaused(call)])
    pending.clear()
    for (const approval of found) learn(approval)
    tell({ health: health.detail, paused })
  }

  async function hear(event: StreamEvent): Promise<void> {
    if (event.type === 'approval') {
      learn(event.approval)
      return tell({})
    }
    if (event.type === 'health') return tell({ health: event.health.detail, paused: await readPaused(call) })
    if (event.type !== 'session') await readAll()
  }

  async function connect(signal: AbortSignal): Promise<void> {
    credentials.csrf = null
    const me = await call('me', {})
    credentials.csrf = me.csrf
    const value = await cookie()
    const reply = await ask('/api/stream', {
      headers: { accept: 'text/event-stream', ...(value === undefined ? {} : { cookie: value }) },
      signal,
    })
    if (reply.status !== 200) {
      reply.body.resume()
      throw new HostRefused(reply.status, `The host answered ${reply.status}.`)
    }
    // Nothing that happens while the lists are read may be missed: the stream is open before, and what it says is taken in after.
    const events: StreamEvent[] = []
    let ready = false
    let chain = Promise.resolve()
    const take = (event: StreamEvent): void => {
      if (!ready) events.push(event)
      else chain = chain.then(() => hear(event)).catch((cause: unknown) => void reply.body.destroy(asError(cause)))
    }
    const read = eventReader(({ type, data }) => {
      if (type === 'message') return
      take(parseEvent(data))
    })
    const silence = setTimeout(() => reply.body.destroy(new HostUnreachable('The host has fallen silent.')), SILENCE_MS)
    const flowing = (async () => {
      for await (const bytes of reply.body.setEncoding('utf8')) {
        silence.refresh()
        read(String(bytes))
      }
    })()
    flowing.catch(() => undefined)
    try {
      await readAll()
      ready = true
      attempt = 0
      tell({ link: 'live', me, why: '', otherCertificate: undefined })
      for (const event of events) take(event)
      await flowing
    } finally {
      clearTimeout(silence)
      reply.body.destroy()
    }
    throw new HostUnreachable('The host closed the connection.')
  }

  function start(): void {
    if (closed) return
    clearTimeout(timer)
    current?.abort()
    const mine = new AbortController()
    current = mine
    connect(mine.signal).catch((cause: unknown) => {
      if (closed || current !== mine) return
      if (cause instanceof HostRefused && cause.status === 401) {
        pending.clear()
        return tell({ link: 'signed-out', me: undefined, health: undefined, why: '' })
      }
      const error = asError(cause)
      const otherCertificate = cause instanceof HostUnreachable ? cause.otherCertificate : undefined
      tell({ link: 'lost', why: error.message, otherCertificate })
      timer = setTimeout(start, retryMs[Math.min(attempt, retryMs.length - 1)])
      attempt += 1
    })
  }

  start()
  return {
    get news() {
      return news
    },
    async decide(id, revision, decision) {
      const approval = await call('decide', { params: { id }, body: { decision, revision } })
      learn(approval)
      tell({})
      return approval
    },
    async setPaused(paused) {
      if (paused) await call('pauseAgents', { body: { reason: 'Paused from the desktop app.' } })
      else await call('resumeAgents', { body: {} })
      tell({ paused: await readPaused(call) })
    },
    connections: () => call('connections', {}),
    reconnect() {
      attempt = 0
      start()
    },
    close() {
      closed = true
      clearTimeout(timer)
      current?.abort()
      close()
    },
  }
}

type Call = <Name extends keyof import('../contract/calls.ts').Calls>(
  name: Name,
  input: Parameters<typeof callHost<Name>>[4],
) => ReturnType<typeof callHost<Name>>

/** Without a role one is not told, and an older host does not know: nobody has paused as far as this person can see. */
async function readPaused(call: Call): Promise<boolean> {
  try {
    return (await call('listAgents', {})).paused !== null
  } catch (cause) {
    if (cause instanceof HostRefused && NOT_TOLD.has(cause.status)) return false
    throw cause
  }
}

/** What this app does not know may still have changed something: the lists are read again. */
function parseEvent(data: string): StreamEvent {
  try {
    const parsed = streamEventSchema.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : { type: 'reset' }
  } catch {
    return { type: 'reset' }
  }
}

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))
