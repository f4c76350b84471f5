import { decodeRow, type Message } from '../helpers/decode.ts'
import * as m from '../helpers/encode.ts'
import type { Answer, Wire } from '../helpers/wire-client.ts'
import type { Attempt, Step } from './attempt.ts'

/** All that one attempt brought back. */
export interface Reply {
  readonly attempt: Attempt
  readonly messages: readonly Message[]
  /** The server or the gateway ended the session. */
  readonly ended: boolean
}

/** The attempts of a group that need nothing of their session, one after the other on the same one. */
export async function* sendAll(attempts: readonly Attempt[], login: () => Promise<Wire>): AsyncGenerator<Reply> {
  let wire: Wire | undefined
  for (const attempt of attempts) {
    if (!attempt.shared) {
      yield await send(attempt, login)
      continue
    }
    if (wire === undefined || wire.ended) wire = await login()
    const from = wire.messages.length
    for (const step of attempt.steps) if (!wire.ended) await sendStep(wire, step)
    yield { attempt, messages: wire.messages.slice(from), ended: wire.ended }
  }
  wire?.destroy()
}

/** Sends the steps in order on a session that nobody else uses, and collects every message, those of the login and the farewell as well. */
export async function send(attempt: Attempt, login: () => Promise<Wire>): Promise<Reply> {
  const wire = await login()
  for (const step of attempt.steps) {
    if (wire.ended) break
    await sendStep(wire, step)
  }
  const { ended } = wire
  wire.send(m.terminate())
  await wire.closed()
  return { attempt, messages: wire.messages, ended }
}

async function sendStep(wire: Wire, step: Step): Promise<Answer> {
  if (typeof step === 'string') return wire.query(step)
  if ('sql' in step) return wire.extended(step.sql, step.values ?? [], { resultFormats: step.formats ?? [] })
  if ('copyIn' in step) return wire.copyIn(step.copyIn, step.data)
  wire.send(...step.send)
  return wire.answer(step.ready)
}

/** Every byte, as latin1. */
export function bytesOf(messages: readonly Message[]): string {
  return Buffer.concat(messages.map(({ body }) => body)).toString('latin1')
}

/** Every stretch of bytes to be searched: as it came, COPY data joined, and the cells of rows. */
export function cellsOf(messages: readonly Message[]): (string | null)[][] {
  return messages
    .filter(({ tag }) => tag === 'D')
    .map(({ body }) => decodeRow(body).map((value) => (value === null ? null : value.toString('latin1'))))
}

/** For people: the texts of its steps. */
export function textOf(attempt: Attempt): string {
  return attempt.steps
    .map((step) => {
      if (typeof step === 'string') return step
      if ('sql' in step) return `${step.sql} [${step.formats ?? ''}]`
      return 'copyIn' in step
        ? step.copyIn
        : Buffer.concat(step.send)
            .toString('latin1')
            .replaceAll(/[^ -~]+/g, ' ')
    })
    .join(' ⏎ ')
}
