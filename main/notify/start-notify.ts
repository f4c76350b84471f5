import type { Clock, Log } from '../../proxy/ports.ts'
import type { Notice, NotifyConfig } from '../config/notify.ts'
import { type NoticeRow, prepareNotices } from '../store/notices-table.ts'
import type { Db } from '../store/open-database.ts'
import type { ApprovalNotice, NoticeBody } from './notice.ts'
import { NoticeRefused, type Post, postNotice } from './post-notice.ts'
import { SIGNATURE_HEADER, signWebhook } from './sign-webhook.ts'
import { slackMessage } from './slack-message.ts'

/** For one receiver. More than this is an outage, and its oldest news is no news. */
const MAX_WAITING = 1000
const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 600_000
/** With the doubling waits some two hours. */
const MAX_ATTEMPTS = 21
const FAILED_KEPT = 1000
const FAILED_KEPT_MS = 7 * 86_400_000
const TICK_MS = 250

export interface NotifyState {
  readonly waiting: number
  readonly failed: number
  /** Sentences for people. */
  readonly trouble: readonly string[]
}

export interface Notify {
  /** Stores a notice for each receiver that wants this event; it is sent soon, and after a restart still. `path`: what to open, `/approvals/12`. */
  tell(event: Notice, text: string, path: string, approval?: ApprovalNotice): void
  state(): NotifyState
  stop(): Promise<void>
}

export interface NotifyOptions {
  readonly db: Db
  readonly receivers: readonly NotifyConfig[]
  /** Scheme, host and port as browsers see this host. */
  readonly origin: () => string
  readonly clock: Clock
  readonly log: Log
  readonly post?: (post: Post) => Promise<void>
}

/** Delivers notices at least once each: they are in the database until their receiver has taken them. One at a time and receiver, in their order. */
export function startNotify({ db, receivers, origin, clock, log, post = postNotice }: NotifyOptions): Notify {
  const table = prepareNotices(db)
  table.keepOnly(receivers.map(({ name }) => name))
  // The addresses may have been corrected.
  table.retry(clock.now())
  const busy = new Map<string, Promise<void>>()
  let stopped = false

  const send = async (receiver: NotifyConfig, row: NoticeRow): Promise<void> => {
    try {
      await post(postOf(receiver, row, clock.now()))
      table.remove(row.id)
    } catch (cause) {
      const failure = cause instanceof Error ? cause.message : String(cause)
      const attempts = row.attempts + 1
      if (cause instanceof NoticeRefused || attempts >= MAX_ATTEMPTS) {
        table.giveUp(row.id, clock.now(), failure)
        table.removeOld(clock.now() - FAILED_KEPT_MS, FAILED_KEPT)
        log.error('notice-given-up', { receiver: receiver.name, attempts, failure })
      } else {
        table.later(row.id, clock.now() + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** row.attempts), failure)
        if (attempts === 1) log.warn('notice-failed', { receiver: receiver.name, failure })
      }
    }
  }
  const step = (): void => {
    if (stopped) return
    for (const receiver of receivers) {
      if (busy.has(receiver.name)) continue
      const row = table.due(receiver.name, clock.now())
      if (row === undefined) continue
      const work = send(receiver, row)
        .catch((cause: unknown) => log.error('notice-not-stored', { reason: cause instanceof Error ? cause.message : String(cause) }))
        .finally(() => {
          busy.delete(receiver.name)
          step()
        })
      busy.set(receiver.name, work)
    }
  }
  const timer = setInterval(step, TICK_MS)
  timer.unref()
  return {
    tell: (event, text, path, approval) => {
      const body: NoticeBody = {
        version: 1,
        event,
        time: new Date(clock.now()).toISOString(),
        host: origin(),
        link: `${origin()}${path}`,
        text,
        ...(approval === undefined ? {} : { approval }),
      }
      for (const receiver of receivers) {
        if (!receiver.events.includes(event)) continue
        if (table.waiting(receiver.name) >= MAX_WAITING)
          log.error('notice-dropped', { receiver: receiver.name, event, waiting: MAX_WAITING })
        else table.add(receiver.name, JSON.stringify(body), clock.now())
      }
      step()
    },
    state: () => {
      const waiting = receivers.map(({ name }) => table.waiting(name))
      const failed = table.failed()
      return {
        waiting: waiting.reduce((sum, n) => sum + n, 0),
        failed: failed.reduce((sum, { n }) => sum + n, 0),
        trouble: [
          ...receivers.flatMap(({ name }, i) => ((waiting[i] ?? 0) >= MAX_WAITING ? [fullSentence(name)] : [])),
          ...failed.map(({ receiver, n, failure }) => givenUpSentence(receiver, n, failure)),
        ],
      }
    },
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await Promise.all(busy.values())
    },
  }
}

function postOf({ to }: NotifyConfig, { id, body }: NoticeRow, now: number): Post {
  if (to.kind === 'slack') return { url: to.url.reveal(), headers: {}, body: slackMessage(JSON.parse(body)), ca: undefined }
  const signature = signWebhook(to.secret.reveal(), Math.floor(now / 1000), body)
  return { url: to.url, headers: { [SIGNATURE_HEADER]: signature, 'sallyport-delivery': String(id) }, body, ca: to.ca }
}

const fullSentence = (name: string): string =>
  `Notifications for ${name} are dropped: ${MAX_WAITING} wait already, and it does not take them.`

function givenUpSentence(name: string, count: number, failure: string | null): string {
  const what = count === 1 ? 'A notification' : `${count} notifications`
  return `${what} for ${name} could not be delivered${failure === null ? '' : ` (${failure})`}. Correct its address under “notify” and restart the host, which sends them again.`
}
