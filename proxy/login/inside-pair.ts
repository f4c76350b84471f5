import { Duplex } from 'node:stream'

/**
 * One end of a connection inside this process. What is written is copied: the gateway writes from memory that it uses again as soon as
 * a write is done.
 */
class End extends Duplex {
  other: End | undefined
  /** The other end's write, which waits until this one reads on. */
  private waiting: (() => void) | undefined
  private readonly cutsOther: boolean

  constructor(cutsOther: boolean) {
    super()
    this.cutsOther = cutsOther
  }

  private receive(chunk: Buffer, done: () => void): void {
    if (this.destroyed || this.push(Buffer.from(chunk))) done()
    else this.waiting = done
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.other === undefined) done()
    else this.other.receive(chunk, done)
  }

  override _read(): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.()
  }

  override _final(done: () => void): void {
    if (this.other?.destroyed === false) this.other.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this
    this._read()
    done(error)
    if (other === undefined || other.destroyed) return
    if (this.cutsOther) other.destroy()
    else if (!other.readableEnded) other.push(null)
  }
}

/** A client's end and the gateway's. When the client's is destroyed, so is the gateway's, as when a network is cut; what the gateway said last can still be read. */
export function insidePair(): { readonly client: Duplex; readonly gateway: Duplex } {
  const client = new End(true)
  const gateway = new End(false)
  client.other = gateway
  gateway.other = client
  return { client, gateway }
}
