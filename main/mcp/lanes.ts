import { setTimeout as wait } from 'node:timers/promises'
import type { UntrustedRead } from '../../proxy/ports.ts'
import type { Answer } from './answer.ts'
import type { IdleBook } from './idle-book.ts'
import { type Call, InsideClient, type InsideTarget, LoginRefused } from './inside-client.ts'

const IDLE_MS = 60_000
/** Calls of one MCP session on one connection that run side by side; more wait their turn. Those that are held have lanes of their own. */
const SIDE_BY_SIDE = 4
/** A seat that was given up is free a moment later. */
const SEAT_TRIES = 20
const SEAT_MS = 25

interface Idle {
  readonly client: InsideClient
  readonly giveUp: () => void
  readonly timer: NodeJS.Timeout
}

/** The session was made read-only when the policy let nothing be written; it says so before anything is sent. A new one can. */
function isTooNarrow({ error, tags, end }: Answer): boolean {
  return error?.sqlstate === '25006' && tags.length === 0 && end?.ms === 0
}

/** The gateway sessions of one MCP session on one connection. An idle one is used again for a minute. */
export class Lanes {
  readonly #book: IdleBook
  /** Identity and connection: whose seats they take. */
  readonly #owner: string
  /** Outsiders' text that was read over any of them: a lane that begins anew is no new client. */
  readonly reads: UntrustedRead[]
  readonly #idle: Idle[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #closed = false

  constructor(book: IdleBook, owner: string, reads: UntrustedRead[] = []) {
    this.#book = book
    this.#owner = owner
    this.reads = reads
  }

  /** Runs a call on a free lane. Once it is held, its lane no longer counts. Rejects with `LoginRefused`. */
  async run(target: InsideTarget, call: Call, opened: (client: InsideClient) => void): Promise<Answer> {
    await this.#turn()
    let counted = true
    const release = () => {
      if (!counted) return
      counted = false
      this.#busy--
      this.#waiting.shift()?.()
    }
    const told: Call = {
      ...call,
      onHeld: (approval, judged) => {
        release()
        call.onHeld(approval, judged)
      },
    }
    const on = async (client: InsideClient): Promise<Answer> => {
      opened(client)
      return client.run(told)
    }
    try {
      const kept = this.#take()
      const client = kept ?? (await this.open(target))
      const answer = await on(client)
      if (kept === undefined || !isTooNarrow(answer)) {
        this.#give(client)
        return answer
      }
      client.close()
      const renewed = await this.open(target)
      const second = await on(renewed)
      this.#give(renewed)
      return second
    } finally {
      release()
    }
  }

  /** A lane of its own, for what may be held for long. Where the person's seats are taken, an idle lane is given up for it. */
  async open(target: InsideTarget): Promise<InsideClient> {
    for (let tries = 0; ; tries++) {
      try {
        return await InsideClient.open(target)
      } catch (error) {
        const full = error instanceof LoginRefused && error.report.sqlstate === '53300'
        if (!full || tries >= SEAT_TRIES || (!this.#book.giveUpOne(this.#owner) && tries === 0)) throw error
        await wait(SEAT_MS)
      }
    }
  }

  /** Idle lanes end now; what runs or is held goes on to its end. */
  close(): void {
    this.#closed = true
    for (const { giveUp } of [...this.#idle]) giveUp()
  }

  async #turn(): Promise<void> {
    while (this.#busy >= SIDE_BY_SIDE) await new Promise<void>((go) => this.#waiting.push(go))
    this.#busy++
  }

  #take(): InsideClient | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
      this.#book.remove(this.#owner, idle.giveUp)
      if (idle.client.usable) return idle.client
    }
    return undefined
  }

  #give(client: InsideClient): void {
    if (!client.usable) return
    if (this.#closed || this.#idle.length >= SIDE_BY_SIDE) {
      client.close()
      return
    }
    const giveUp = (): void => {
      clearTimeout(idle.timer)
      this.#book.remove(this.#owner, giveUp)
      this.#idle.splice(this.#idle.indexOf(idle), 1)
      client.close()
    }
    const idle: Idle = { client, giveUp, timer: setTimeout(giveUp, IDLE_MS).unref() }
    this.#idle.push(idle)
    this.#book.add(this.#owner, giveUp)
  }
}
