import type { StatementFacts } from '../statement/facts.ts'
import { readBindBody } from '../wire/client-messages.ts'
import { FROM_CLIENT, HEADER } from '../wire/codes.ts'
import { ByteSink } from '../wire/sink.ts'
import type { Substitution } from './find-tokens.ts'

/** A text whose tokens have become parameters: no text at the server ever holds a value, so nothing that quotes texts can tell one. */
export interface PutBack {
  readonly text: Buffer
  /** In the order of the new parameters' numbers. */
  readonly values: readonly Buffer[]
  /** Where the strings began in the text as it came. */
  readonly lifted: readonly number[]
  readonly positions: Positions
}

/** In characters of the new text: what stands for a token is `[at, from)`, and the token was longer by `shorter`. */
export type Positions = readonly { readonly at: number; readonly from: number; readonly shorter: number }[]

/** `used`: how many parameters the statement has already. Each new one stands between spaces, since digits and letters may follow. */
export function putBack(text: Buffer, { literals }: Substitution, used: number): PutBack {
  const sink = new ByteSink(text.length + 64)
  const positions: { at: number; from: number; shorter: number }[] = []
  let at = 0
  let characters = 0
  for (const [i, { start, end }] of literals.entries()) {
    const name = ` $${used + i + 1} `
    sink.copy(text, at, start)
    for (let i = at; i < start; i++) if (((text[i] as number) & 0xc0) !== 0x80) characters++
    positions.push({ at: characters, from: characters + name.length, shorter: end - start - name.length })
    characters += name.length
    sink.text(name)
    at = end
  }
  sink.copy(text, at, text.length)
  return { text: sink.take(), values: literals.map((one) => one.value), lifted: literals.map((one) => one.start), positions }
}

/** A position (characters, from 1) that the server gave in the new text, in the text as it came. */
export function positionBefore(positions: Positions, position: number): number {
  let before = position
  for (const { at, from, shorter } of positions) {
    if (position - 1 >= from) before += shorter
    else if (position - 1 > at) before -= position - 1 - at
  }
  return before
}

/** The Parse frame `buf[start, end)` with another text; `textAt` is where its text begins, `textEnd` its zero byte. */
export function parseFrame(buf: Buffer, start: number, end: number, textAt: number, textEnd: number, text: Buffer): Buffer {
  const sink = new ByteSink(end - start + text.length)
  const at = sink.beginFrame(FROM_CLIENT.parse)
  sink.copy(buf, start + HEADER, textAt)
  sink.copy(text, 0, text.length)
  sink.copy(buf, textEnd, end)
  sink.endFrame(at)
  return sink.take()
}

/** The Bind frame with the values in place of tokens, and behind them those of the strings that became parameters. */
export function bindFrame(buf: Buffer, start: number, end: number, rest: number, { parameters, literals }: Substitution): Buffer {
  const body = readBindBody(buf, rest, end)
  const sink = new ByteSink(end - start + 256)
  const at = sink.beginFrame(FROM_CLIENT.bind)
  sink.copy(buf, start + HEADER, rest)
  const all = [
    ...body.parameters.map(({ format, value }, i) => ({ format, value: parameters.get(i + 1) ?? value })),
    ...literals.map(({ value }) => ({ format: 0, value })),
  ]
  sink.int16(all.length)
  for (const { format } of all) sink.int16(format)
  sink.int16(all.length)
  for (const { value } of all) {
    sink.int32(value === null ? -1 : value.length)
    if (value !== null) sink.copy(value, 0, value.length)
  }
  sink.int16(body.resultFormats.length)
  for (const format of body.resultFormats) sink.int16(format)
  sink.endFrame(at)
  return sink.take()
}

/** The facts without what moves when a string becomes a parameter. */
export function meaningOf(facts: readonly StatementFacts[]): string {
  return JSON.stringify(facts, (key, value: unknown) =>
    key === 'offset' || key === 'length' || key === 'span' || key === 'equals' || key === 'parameters' ? undefined : value,
  )
}

const POSITION = 0x50

/** An ErrorResponse or NoticeResponse `buf[start, end)` whose position is that of the text as it came; undefined when it has none. */
export function movePosition(buf: Buffer, start: number, end: number, positions: Positions): Buffer | undefined {
  for (let at = start + HEADER; at < end && buf[at] !== 0; ) {
    const zero = buf.indexOf(0, at)
    if (buf[at] !== POSITION) {
      at = zero + 1
      continue
    }
    const sink = new ByteSink(end - start + 16)
    const lengthAt = sink.beginFrame(buf[start] as number)
    sink.copy(buf, start + HEADER, at + 1)
    sink.text(String(positionBefore(positions, Number(buf.toString('latin1', at + 1, zero)))))
    sink.copy(buf, zero, end)
    sink.endFrame(lengthAt)
    return sink.take()
  }
  return undefined
}

/** A ParameterDescription without the parameters that were strings in the text as it came. */
export function withoutLast(buf: Buffer, start: number, end: number, hidden: number): Buffer {
  const count = buf.readUInt16BE(start + HEADER) - hidden
  const sink = new ByteSink(end - start)
  const at = sink.beginFrame(buf[start] as number)
  sink.int16(count)
  sink.copy(buf, start + HEADER + 2, end - hidden * 4)
  sink.endFrame(at)
  return sink.take()
}
