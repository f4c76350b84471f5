import type net from 'node:net'
import type { ByteConsumer } from './byte-consumer.ts'

const SCRATCH = Buffer.allocUnsafe(4096)

/** One consumer at a time: first the login, then the session. Works with `onread` (plain TCP, a buffer that is used again) and with data events (TLS). */
export class SwitchReader {
  private readonly nobody: ByteConsumer = { lend: () => SCRATCH, filled: () => true }
  private consumer: ByteConsumer = this.nobody
  /** Who lent the memory that the next read fills. */
  private lender: ByteConsumer = this.nobody

  onread(): net.OnReadOpts {
    return {
      buffer: () => {
        this.lender = this.consumer
        return this.lender.lend()
      },
      // Memory is lent before the bytes come, so the first read after a hand-over lies in the memory of the one before.
      callback: (bytes, buf) =>
        this.lender === this.consumer ? this.consumer.filled(bytes) : this.feed(Buffer.from(buf.buffer, buf.byteOffset, bytes)),
    }
  }

  follow(socket: net.Socket): void {
    socket.on('data', (chunk: Buffer) => {
      if (!this.feed(chunk)) socket.pause()
    })
  }

  private feed(chunk: Buffer): boolean {
    let going = true
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(this.consumer.lend(), 0, at)
      at += bytes
      going = this.consumer.filled(bytes)
    }
    return going
  }

  use(consumer: ByteConsumer): void {
    this.consumer = consumer
  }
}
