import { GatewayError } from '../errors.ts'

export interface LobbyLimits {
  /** Connections that have not logged in, from everywhere. */
  readonly total: number
  /** The same from one address (IPv6: one /64 network). */
  readonly perAddress: number
}

/** One connection that has not logged in yet. */
export interface Place {
  /** The client has done its part: it is not sent away any more to make room. */
  settle(): void
  /** Gives the place back. May be called twice. */
  leave(): void
}

/** An honest client logs in within milliseconds; whoever has said nothing for so long makes room for the next. */
const PATIENCE_MS = 1_000

interface Waiting {
  readonly since: number
  readonly evict: () => void
}

/**
 * Connections before a token is checked. They cost memory and nothing is known of them, so they are few: when there is no room, the one
 * that has been silent longest is sent away, and if none has been silent for a second, the newcomer is.
 */
export class Lobby {
  private readonly limits: LobbyLimits
  private readonly now: () => number
  /** Oldest first, as sets keep the order of insertion. */
  private readonly everywhere = { count: 0, waiting: new Set<Waiting>() }
  private readonly addresses = new Map<string, { count: number; readonly waiting: Set<Waiting> }>()

  constructor(limits: LobbyLimits, now: () => number = Date.now) {
    this.limits = limits
    this.now = now
  }

  get count(): number {
    return this.everywhere.count
  }

  /** `evict` must close the connection and end in `leave`. Throws `too-many` (53300, FATAL). */
  enter(address: string, evict: () => void): Place {
    const network = networkOf(address)
    const here = this.addresses.get(network) ?? { count: 0, waiting: new Set<Waiting>() }
    if (here.count >= this.limits.perAddress) this.makeRoom(here.waiting, 'from one address')
    if (this.everywhere.count >= this.limits.total) this.makeRoom(this.everywhere.waiting, 'at once')
    const waiting: Waiting = { since: this.now(), evict }
    this.addresses.set(network, here)
    for (const group of [this.everywhere, here]) {
      group.count++
      group.waiting.add(waiting)
    }
    let left = false
    const settle = () => {
      this.everywhere.waiting.delete(waiting)
      here.waiting.delete(waiting)
    }
    return {
      settle,
      leave: () => {
        if (left) return
        left = true
        settle()
        this.everywhere.count--
        if (--here.count === 0) this.addresses.delete(network)
      },
    }
  }

  private makeRoom(waiting: ReadonlySet<Waiting>, where: string): void {
    for (const oldest of waiting) {
      if (this.now() - oldest.since < PATIENCE_MS) break
      oldest.evict()
      return
    }
    throw new GatewayError({
      code: 'too-many',
      sqlstate: '53300',
      message: `too many connections ${where} that have not logged in`,
      hint: 'Try again in a moment.',
      severity: 'FATAL',
    })
  }
}

/** The first 64 bits of an IPv6 address: a host has all that lie behind them. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const whole = tail === undefined ? front : [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back]
  return whole.slice(0, 4).join(':')
}
