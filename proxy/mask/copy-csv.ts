import type { ByteSink } from '../wire/sink.ts'
import { type CopyMaskOptions, type CopyRows, oneByte, searchableRaw, unsupported, wrongColumns } from './copy-rows.ts'
import { maskValue } from './mask-value.ts'
import type { MaskHits } from './scan-text.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d

/** CSV format: quotes around what needs them, the NULL text never quoted, newlines allowed inside quotes. */
export function csvRows(options: CopyMaskOptions): CopyRows {
  const { plan } = options
  const delimiter = oneByte(options.delimiter, 'the delimiter')
  const quote = oneByte(options.quote, 'the quote')
  const escapeByte = oneByte(options.escape, 'the escape')
  const nullText = Buffer.from(options.nullText)
  if (quote === delimiter || [delimiter, quote].some((byte) => byte === NEWLINE || byte === RETURN))
    throw unsupported('COPY with those quotes cannot be masked')
  const searchable = searchableRaw(plan, [delimiter, quote, escapeByte])
  let header = options.header

  /** Steps over one cell; the answer is where its delimiter, its newline or the end stands, or -1 if a quote is still open. */
  function cellEnd(src: Buffer, start: number, end: number): number {
    let quoted = false
    for (let at = start; at < end; at++) {
      const byte = src[at]
      if (quoted && byte === escapeByte && at + 1 < end && (src[at + 1] === quote || src[at + 1] === escapeByte)) at++
      else if (byte === quote) quoted = !quoted
      else if (!quoted && (byte === delimiter || byte === NEWLINE)) return at
    }
    return quoted ? -1 : end
  }

  function endOf(src: Buffer, start: number, end: number): number {
    for (let at = start; ; ) {
      const stop = cellEnd(src, at, end)
      if (stop < 0 || stop >= end) return -1
      if (src[stop] === NEWLINE) return stop + 1
      at = stop + 1
    }
  }

  function rewrite(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void {
    if (header) {
      header = false
      sink.copy(src, start, end)
      return
    }
    if (searchable && !plan.patterns.mayContain(src, start, end)) {
      sink.copy(src, start, end)
      return
    }
    let column = 0
    let at = start
    for (;;) {
      let stop = cellEnd(src, at, end)
      if (stop < 0) stop = end
      if (plan.columns.length === 0 && stop === start) break
      if (column >= plan.columns.length) throw wrongColumns(column + 1, plan)
      cell(src, at, stop, column++, sink, hits)
      at = stop
      if (stop >= end || src[stop] === NEWLINE) break
      sink.byte(delimiter)
      at = stop + 1
    }
    if (column !== plan.columns.length) throw wrongColumns(column, plan)
    sink.copy(src, at, end)
  }

  function cell(src: Buffer, start: number, end: number, column: number, sink: ByteSink, hits: MaskHits): void {
    const isNull = src.compare(nullText, 0, nullText.length, start, end) === 0
    const raw = isNull ? undefined : unquoted(src, start, end)
    const masked = raw === undefined ? maskValue(plan, column, src, -1, -1, hits) : maskValue(plan, column, raw, 0, raw.length, hits)
    if (masked === undefined) sink.copy(src, start, end)
    else if (masked === null) sink.copy(nullText, 0, nullText.length)
    else write(masked, src[start] === quote && end > start, sink)
  }

  function unquoted(src: Buffer, start: number, end: number): Buffer {
    if (!src.subarray(start, end).includes(quote)) return src.subarray(start, end)
    const bytes = Buffer.allocUnsafe(end - start)
    let length = 0
    let quoted = false
    for (let at = start; at < end; at++) {
      const byte = src[at]!
      if (quoted && byte === escapeByte && at + 1 < end && (src[at + 1] === quote || src[at + 1] === escapeByte))
        bytes[length++] = src[++at]!
      else if (byte === quote) quoted = !quoted
      else bytes[length++] = byte
    }
    return bytes.subarray(0, length)
  }

  function write(value: Buffer, wasQuoted: boolean, sink: ByteSink): void {
    const special = value.some((byte) => byte === delimiter || byte === quote || byte === NEWLINE || byte === RETURN)
    if (!wasQuoted && !special && !value.equals(nullText) && value.length > 0) {
      sink.copy(value, 0, value.length)
      return
    }
    sink.byte(quote)
    for (const byte of value) {
      if (byte === quote || byte === escapeByte) sink.byte(escapeByte)
      sink.byte(byte)
    }
    sink.byte(quote)
  }

  return { endOf, rewrite, finish: rewrite }
}
