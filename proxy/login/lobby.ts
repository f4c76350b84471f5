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

interface Group {
  count: number
  /** Those that have not settled, oldest first, as sets keep the order of insertion. */
  readonly waiting: Set<Waiting>
}

/**
 * Connections before a token is checked. They cost memory and nothing is known of them, so they are few. When there is no room, the
 * address that holds most of it gives some to one that holds less; among equals, who has been silent for a second makes room for who
 * comes; and if nobody has, the newcomer is turned away.
 */
export class Lobby {
  private readonly limits: LobbyLimits
  private readonly now: () => number
  private readonly everywhere: Group = { count: 0, waiting: new Set() }
  private readonly addresses = new Map<string, Group>()

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
    const here: Group = this.addresses.get(network) ?? { count: 0, waiting: new Set() }
    if (here.count >= this.limits.perAddress) this.makeRoom(here, PATIENCE_MS, 'from one address')
    if (this.everywhere.count >= this.limits.total) {
      const largest = this.largest()
      if (largest.waiting.size > here.count + 1) this.makeRoom(largest, 0, 'at once')
      else this.makeRoom(this.everywhere, PATIENCE_MS, 'at once')
    }
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

  private makeRoom({ waiting }: Group, patienceMs: number, where: string): void {
    for (const oldest of waiting) {
      if (this.now() - oldest.since < patienceMs) break
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

  /** Only asked when there is no room, and there are no more addresses than connections. */
  private largest(): Group {
    let largest: Group = this.everywhere
    let size = -1
    for (const group of this.addresses.values()) {
      if (group.waiting.size <= size) continue
      largest = group
      size = group.waiting.size
    }
    return largest
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
