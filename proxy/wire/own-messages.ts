/** What we say to the server on our own account, in a client's session. Never carries a client's bytes but for the text of `runOnce`, and data. */
import { FROM_CLIENT } from './codes.ts'
import { ByteSink } from './sink.ts'

/** Execute of a portal that cannot exist: the server answers 34000 and the pipeline aborts there, as for any other error. */
export function abortFrame(portal: string): Buffer {
  const sink = new ByteSink(64)
  const at = sink.beginFrame(FROM_CLIENT.execute)
  sink.cstring(portal)
  sink.int32(0)
  sink.endFrame(at)
  return sink.take()
}

export const SYNC_FRAME: Buffer = Buffer.from([FROM_CLIENT.sync, 0, 0, 0, 4])
export const FLUSH_FRAME: Buffer = Buffer.from([FROM_CLIENT.flush, 0, 0, 0, 4])
export const TERMINATE_FRAME: Buffer = Buffer.from([FROM_CLIENT.terminate, 0, 0, 0, 4])

/** CopyData with this body. */
export function copyDataFrame(buf: Buffer, start: number, end: number): Buffer {
  const frame = Buffer.allocUnsafe(5 + end - start)
  frame[0] = FROM_CLIENT.copyData
  frame.writeInt32BE(4 + end - start, 1)
  buf.copy(frame, 5, start, end)
  return frame
}

/** Describe of a portal, for the columns' provenance where the client did not ask. `portal` is latin1 of its bytes. */
export function describePortalFrame(portal: string): Buffer {
  const name = Buffer.from(portal, 'latin1')
  const frame = Buffer.alloc(7 + name.length)
  frame[0] = FROM_CLIENT.describe
  frame.writeInt32BE(6 + name.length, 1)
  frame[5] = 0x50
  name.copy(frame, 6)
  return frame
}

/**
 * One statement as Parse, Bind, Describe, Execute on the unnamed names, text results: a simple Query whose Sync we hold in our hand. `values` are its
 * parameters, in text.
 */
export function runOnceFrames(text: Buffer, values: readonly Buffer[] = []): Buffer {
  const sink = new ByteSink(text.length + 64)
  let at = sink.beginFrame(FROM_CLIENT.parse)
  sink.byte(0)
  sink.copy(text, 0, text.length)
  sink.byte(0)
  sink.int16(0)
  sink.endFrame(at)
  at = sink.beginFrame(FROM_CLIENT.bind)
  sink.byte(0)
  sink.byte(0)
  sink.int16(0)
  sink.int16(values.length)
  for (const value of values) {
    sink.int32(value.length)
    sink.copy(value, 0, value.length)
  }
  sink.int16(0)
  sink.endFrame(at)
  at = sink.beginFrame(FROM_CLIENT.describe)
  sink.byte(0x50)
  sink.byte(0)
  sink.endFrame(at)
  at = sink.beginFrame(FROM_CLIENT.execute)
  sink.byte(0)
  sink.int32(0)
  sink.endFrame(at)
  return sink.take()
}

/**
 * One query of ours without parameters, then Flush: text results, and no Sync. As Close of portal and statement (a failed one left
 * them), Parse, Bind, Execute, and Close of both.
 */
export function ownQueryFrames(name: string, sql: string): Buffer {
  const sink = new ByteSink(sql.length + 256)
  close(0x50)
  close(0x53)
  let at = sink.beginFrame(FROM_CLIENT.parse)
  sink.cstring(name)
  sink.cstring(sql)
  sink.int16(0)
  sink.endFrame(at)
  at = sink.beginFrame(FROM_CLIENT.bind)
  sink.cstring(name)
  sink.cstring(name)
  for (let i = 0; i < 3; i++) sink.int16(0)
  sink.endFrame(at)
  at = sink.beginFrame(FROM_CLIENT.execute)
  sink.cstring(name)
  sink.int32(0)
  sink.endFrame(at)
  close(0x50)
  close(0x53)
  sink.copy(FLUSH_FRAME, 0, FLUSH_FRAME.length)
  return sink.take()

  function close(kind: number): void {
    const place = sink.beginFrame(FROM_CLIENT.close)
    sink.byte(kind)
    sink.cstring(name)
    sink.endFrame(place)
  }
}

/** CancelRequest (protocol, "CancelRequest (F)"): on a connection of its own. */
export function cancelFrame(processId: number, secret: Buffer): Buffer {
  const frame = Buffer.alloc(12 + secret.length)
  frame.writeInt32BE(frame.length, 0)
  frame.writeInt32BE(80877102, 4)
  frame.writeInt32BE(processId, 8)
  secret.copy(frame, 12)
  return frame
}
