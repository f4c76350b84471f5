import type { ByteSink } from '../wire/sink.ts'
import { type CopyMaskOptions, type CopyRows, oneByte, searchableRaw, unsupported, wrongColumns } from './copy-rows.ts'
import { maskValue } from './mask-value.ts'
import type { MaskHits } from './scan-text.ts'

const NEWLINE = 0x0a
const BACKSLASH = 0x5c

/** What follows a backslash for a control character (documentation, "COPY", Text Format). */
const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }
const LETTERS = new Map(Object.entries(ESCAPES).map(([letter, byte]) => [byte, letter.charCodeAt(0)]))

/** Text format: one line a row, a delimiter between columns, backslash escapes. */
export function textRows(options: CopyMaskOptions): CopyRows {
  const { plan } = options
  const delimiter = oneByte(options.delimiter, 'the delimiter')
  const nullText = Buffer.from(options.nullText)
  if (nullText.includes(NEWLINE) || nullText.includes(delimiter)) throw unsupported('COPY with that NULL text cannot be masked')
  const searchable = searchableRaw(plan, [delimiter])
  let header = options.header

  function rewrite(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void {
    const lineEnd = end > start && src[end - 1] === NEWLINE ? end - 1 : end
    if (header) {
      header = false
      sink.copy(src, start, end)
      return
    }
    if (searchable && !plan.patterns.mayContain(src, start, lineEnd)) {
      sink.copy(src, start, end)
      return
    }
    let column = 0
    let at = start
    if (plan.columns.length === 0 && lineEnd === start) {
      sink.copy(src, start, end)
      return
    }
    for (;;) {
      const stop = cellEnd(src, at, lineEnd)
      if (column >= plan.columns.length) throw wrongColumns(column + 1, plan)
      cell(src, at, stop, column++, sink, hits)
      if (stop >= lineEnd) break
      sink.byte(delimiter)
      at = stop + 1
    }
    if (column !== plan.columns.length) throw wrongColumns(column, plan)
    sink.copy(src, lineEnd, end)
  }

  function cellEnd(src: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && src[at] !== delimiter) at += src[at] === BACKSLASH ? 2 : 1
    return Math.min(at, end)
  }

  function cell(src: Buffer, start: number, end: number, column: number, sink: ByteSink, hits: MaskHits): void {
    // NULL is told apart before escapes are read.
    const isNull = src.compare(nullText, 0, nullText.length, start, end) === 0
    const raw = isNull ? undefined : readEscapes(src, start, end)
    const masked = raw === undefined ? maskValue(plan, column, src, -1, -1, hits) : maskValue(plan, column, raw, 0, raw.length, hits)
    if (masked === undefined) sink.copy(src, start, end)
    else if (masked === null) sink.copy(nullText, 0, nullText.length)
    else writeEscaped(masked, sink)
  }

  /** A masked value that reads as the NULL text tells no more than NULL. */
  function writeEscaped(value: Buffer, sink: ByteSink): void {
    for (const byte of value) {
      const letter = LETTERS.get(byte)
      if (letter !== undefined || byte === BACKSLASH || byte === delimiter) sink.byte(BACKSLASH)
      sink.byte(letter ?? byte)
    }
  }

  return {
    endOf(src, start, end) {
      const found = src.subarray(start, end).indexOf(NEWLINE)
      return found < 0 ? -1 : start + found + 1
    },
    rewrite,
    finish: rewrite,
  }
}

function readEscapes(src: Buffer, start: number, end: number): Buffer {
  const first = src.subarray(start, end).indexOf(BACKSLASH)
  if (first < 0) return src.subarray(start, end)
  const bytes = Buffer.allocUnsafe(end - start)
  let length = 0
  for (let at = start; at < end; at++) {
    if (src[at] === BACKSLASH && at + 1 < end) {
      const letter = String.fromCharCode(src[++at]!)
      bytes[length++] = ESCAPES[letter] ?? src[at]!
    } else bytes[length++] = src[at]!
  }
  return bytes.subarray(0, length)
}
