/**
 * Which replies the server owes, and for whom. One entry for each message that went upstream and is answered; the server answers in
 * order (protocol, "Extended Query", "Pipelining"). After an error it skips everything up to the next Sync, and so does this queue.
 */
import { assertNever } from '../errors.ts'
import { FROM_SERVER as B } from '../wire/codes.ts'

export type ReplyKind = 'query' | 'parse' | 'bind' | 'describe' | 'execute' | 'close' | 'sync' | 'abort'

/** What stands in the queue; the session puts its own data beside. */
export interface Expectation {
  readonly kind: ReplyKind
}

export type Step =
  /** Belongs to the head, which goes on. */
  | 'more'
  /** Belongs to the head and ends it. */
  | 'last'
  /** An error: everything up to the next Sync (or, in a simple query, nothing) is off. */
  | 'error'
  /** May come at any time: notice, notification, parameter status. */
  | 'async'
  /** The server said what it could not: we no longer know what it answers. */
  | 'out-of-sync'

/** What a message of this type means while `head` is what the server owes. Pure. */
export function onReply(head: ReplyKind | undefined, code: number): Step {
  if (code === B.notice || code === B.notification || code === B.parameterStatus) return 'async'
  if (code === B.error) return 'error'
  switch (head) {
    case undefined:
      return 'out-of-sync'
    case 'parse':
      return code === B.parseComplete ? 'last' : 'out-of-sync'
    case 'bind':
      return code === B.bindComplete ? 'last' : 'out-of-sync'
    case 'close':
      return code === B.closeComplete ? 'last' : 'out-of-sync'
    case 'describe':
      if (code === B.parameterDescription) return 'more'
      return code === B.rowDescription || code === B.noData ? 'last' : 'out-of-sync'
    case 'execute':
      if (code === B.dataRow || code === B.copyIn || code === B.copyOut || code === B.copyData || code === B.copyDone) return 'more'
      return code === B.commandComplete || code === B.emptyQuery || code === B.portalSuspended ? 'last' : 'out-of-sync'
    case 'query':
      if (code === B.readyForQuery) return 'last'
      return QUERY_REPLIES.has(code) ? 'more' : 'out-of-sync'
    case 'sync':
      return code === B.readyForQuery ? 'last' : 'out-of-sync'
    case 'abort':
      return 'out-of-sync'
    default:
      return assertNever(head, 'expectation')
  }
}

const QUERY_REPLIES = new Set<number>([
  B.rowDescription,
  B.dataRow,
  B.commandComplete,
  B.emptyQuery,
  B.copyIn,
  B.copyOut,
  B.copyData,
  B.copyDone,
])

/** A queue of expectations that does not shift its array for each reply. */
export class ReplyQueue<T extends Expectation> {
  private items: T[] = []
  private first = 0

  get length(): number {
    return this.items.length - this.first
  }

  get head(): T | undefined {
    return this.items[this.first]
  }

  get tail(): T | undefined {
    return this.items.at(-1)
  }

  push(item: T): void {
    this.items.push(item)
  }

  shift(): T | undefined {
    const item = this.items[this.first]
    if (item === undefined) return undefined
    this.first++
    if (this.first === this.items.length) {
      this.items.length = 0
      this.first = 0
    } else if (this.first > 1024) {
      this.items = this.items.slice(this.first)
      this.first = 0
    }
    return item
  }

  /** Drops what the server skips after an error: all up to, not including, the next Sync. Returns what was dropped, in order. */
  skipToSync(): T[] {
    const dropped: T[] = []
    for (;;) {
      const head = this.head
      if (head === undefined || head.kind === 'sync') return dropped
      dropped.push(head)
      this.shift()
    }
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.first; i < this.items.length; i++) yield this.items[i] as T
  }
}
