import { ByteSink } from '../wire/sink.ts'

/** Bytes of the memory that a session reads the server into while much comes. */
export const USUAL = 65_536
/** What is kept for the next that needs some, by all sessions together: 2 MiB of the one, at most 4 MiB of the other. */
const BUFFERS = 32
const SINKS = 4
/** A sink that has grown beyond this is left to the collector. */
const LONGEST_SINK = 1024 * 1024

const buffers: Buffer[] = []
const sinks: ByteSink[] = []

/** `USUAL` bytes, with anything in them. Sessions borrow what they need for a turn, so that an idle one holds nearly nothing. */
export function takeBuffer(): Buffer {
  return buffers.pop() ?? Buffer.allocUnsafeSlow(USUAL)
}

/** Only what nobody refers to any more may be given back. Memory of another size is left to the collector. */
export function giveBuffer(buf: Buffer): void {
  if (buf.length === USUAL && buffers.length < BUFFERS) buffers.push(buf)
}

/** Empty. */
export function takeSink(): ByteSink {
  return sinks.pop() ?? new ByteSink(USUAL)
}

/** As `giveBuffer`. */
export function giveSink(sink: ByteSink): void {
  if (sink.buf.length > LONGEST_SINK || sinks.length >= SINKS) return
  sink.length = 0
  sinks.push(sink)
}
