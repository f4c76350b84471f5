import { GatewayError } from '../errors.ts'
import { HEADER } from '../wire/codes.ts'
import type { ServerMessage } from '../wire/read-server.ts'
import type { ByteConsumer } from './byte-consumer.ts'

/** The server's messages one by one, for what is not hot: the login, and our own small queries. */
export class LoginInbox implements ByteConsumer {
  private readonly maxMessage: number
  private memory = Buffer.allocUnsafe(16_384)
  private filledTo = 0
  private readonly ready: ServerMessage[] = []
  private waiting: { resolve: (message: ServerMessage) => void; reject: (error: Error) => void } | undefined
  private failure: Error | undefined

  /** `maxMessage`: bytes of the longest message that is believed. */
  constructor(maxMessage: number) {
    this.maxMessage = maxMessage
  }

  lend(): Buffer {
    const need = this.filledTo + 4096
    if (need > this.memory.length) {
      const grown = Buffer.allocUnsafe(need * 2)
      this.memory.copy(grown, 0, 0, this.filledTo)
      this.memory = grown
    }
    return this.memory.subarray(this.filledTo)
  }

  filled(bytes: number): boolean {
    if (this.failure !== undefined) return true
    this.filledTo += bytes
    let at = 0
    while (this.filledTo - at >= HEADER) {
      const length = this.memory.readInt32BE(at + 1)
      if (length < 4 || length > this.maxMessage) {
        this.fail(badLength(length))
        return true
      }
      if (this.filledTo - at < length + 1) break
      this.give({ type: this.memory[at] as number, body: Buffer.from(this.memory.subarray(at + HEADER, at + length + 1)) })
      at += length + 1
    }
    this.memory.copy(this.memory, 0, at, this.filledTo)
    this.filledTo -= at
    return true
  }

  /** Rejects with what `fail` was told, or `protocol` for a length that cannot be. One caller at a time. */
  next(): Promise<ServerMessage> {
    const message = this.ready.shift()
    if (message !== undefined) return Promise.resolve(message)
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  /** Nothing more will come. */
  fail(error: Error): void {
    this.failure ??= error
    this.waiting?.reject(this.failure)
    this.waiting = undefined
  }

  private give(message: ServerMessage): void {
    const { waiting } = this
    this.waiting = undefined
    if (waiting === undefined) this.ready.push(message)
    else waiting.resolve(message)
  }
}

function badLength(length: number): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `the database server sent a message of length ${length}`,
    severity: 'FATAL',
  })
}
