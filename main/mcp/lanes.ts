import type { Answer } from './answer.ts'
import { type Call, InsideClient, type InsideTarget } from './inside-client.ts'

const IDLE_MS = 60_000
/** Calls of one MCP session on one connection that run side by side; more wait their turn. Those that are held have lanes of their own. */
const SIDE_BY_SIDE = 4

interface Idle {
  readonly client: InsideClient
  readonly timer: NodeJS.Timeout
}

/** The gateway sessions of one MCP session on one connection. An idle one is used again for a minute. */
export class Lanes {
  readonly #idle: Idle[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #closed = false

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
    try {
      const client = this.#take() ?? (await InsideClient.open(target))
      opened(client)
      const answer = await client.run({
        ...call,
        onHeld: (approval, judged) => {
          release()
          call.onHeld(approval, judged)
        },
      })
      this.#give(client)
      return answer
    } finally {
      release()
    }
  }

  /** Idle lanes end now; what runs or is held goes on to its end. */
  close(): void {
    this.#closed = true
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      client.close()
    }
  }

  async #turn(): Promise<void> {
    while (this.#busy >= SIDE_BY_SIDE) await new Promise<void>((go) => this.#waiting.push(go))
    this.#busy++
  }

  #take(): InsideClient | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
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
    const idle: Idle = {
      client,
      timer: setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(idle), 1)
        client.close()
      }, IDLE_MS).unref(),
    }
    this.#idle.push(idle)
  }
}
