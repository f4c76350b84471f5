import type { BackendMessage } from 'pg-protocol/dist/messages.js'
import { Parser } from 'pg-protocol/dist/parser.js'
import type { ByteConsumer } from './byte-consumer.ts'

/** The server's messages one by one, for what is not hot: the login, and our own small queries. */
export class LoginInbox implements ByteConsumer {
  private readonly memory = Buffer.allocUnsafe(65_536)
  private readonly parser = new Parser()
  private readonly ready: BackendMessage[] = []
  private waiting: ((message: BackendMessage) => void) | undefined

  lend(): Buffer {
    return this.memory
  }

  filled(bytes: number): boolean {
    // A copy: the parser keeps views of what it was given, and `memory` is used again.
    this.parser.parse(Buffer.from(this.memory.subarray(0, bytes)), (message) => {
      const resume = this.waiting
      this.waiting = undefined
      if (resume === undefined) this.ready.push(message)
      else resume(message)
    })
    return true
  }

  next(): Promise<BackendMessage> {
    const message = this.ready.shift()
    if (message !== undefined) return Promise.resolve(message)
    return new Promise((resolve) => {
      this.waiting = resolve
    })
  }
}
