import { FROM_SERVER, HEADER } from '../wire/codes.ts'
import { ByteSink } from '../wire/sink.ts'
import { binaryRows } from './copy-binary.ts'
import { csvRows } from './copy-csv.ts'
import { type CopyMaskOptions, type CopyRows, unsupported } from './copy-rows.ts'
import { textRows } from './copy-text.ts'
import type { MaskHits } from './scan-text.ts'

/** Masks the rows of one COPY … TO STDOUT. */
export interface CopyMask {
  /** Bytes of a row that is not whole yet. */
  readonly held: number
  /** Takes one whole CopyData frame and writes what is complete, one row a frame. Throws `GatewayError` (`protocol`, `unsupported`). */
  push(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void
  /** CopyDone has come. Throws `GatewayError` (`protocol`) when a row was cut off. */
  end(sink: ByteSink, hits: MaskHits): void
}

/**
 * A server sends one row a frame, but the protocol lets it cut anywhere, so rows are put together first.
 * Throws `GatewayError` (`unsupported`) for options that cannot be told apart safely.
 */
export function createCopyMask(options: CopyMaskOptions): CopyMask {
  const rows = rowsOf(options)
  const pending = new ByteSink(4096)

  function drain(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): number {
    let at = start
    while (at < end) {
      const stop = rows.endOf(src, at, end)
      if (stop < 0) break
      const lengthAt = sink.beginFrame(FROM_SERVER.copyData)
      rows.rewrite(src, at, stop, sink, hits)
      sink.endFrame(lengthAt)
      at = stop
    }
    return at
  }

  return {
    get held() {
      return pending.length
    },
    push(src, start, end, sink, hits) {
      if (pending.length === 0) {
        const at = drain(src, start + HEADER, end, sink, hits)
        pending.copy(src, at, end)
        return
      }
      pending.copy(src, start + HEADER, end)
      const at = drain(pending.buf, 0, pending.length, sink, hits)
      pending.buf.copyWithin(0, at, pending.length)
      pending.length -= at
    },
    end(sink, hits) {
      if (pending.length === 0) return
      const lengthAt = sink.beginFrame(FROM_SERVER.copyData)
      rows.finish(pending.buf, 0, pending.length, sink, hits)
      sink.endFrame(lengthAt)
      pending.length = 0
    },
  }
}

function rowsOf(options: CopyMaskOptions): CopyRows {
  switch (options.format) {
    case 'text':
      return textRows(options)
    case 'csv':
      return csvRows(options)
    case 'binary':
      return binaryRows(options.plan)
    default:
      throw unsupported(`COPY format ${String(options.format)} cannot be masked`)
  }
}
