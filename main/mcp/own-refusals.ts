import type { Refusal } from '../contract/mcp.ts'

const NOTHING = { detail: null, position: null, rule: null, parts: [] }

/** The tool was called in a way that cannot be meant. */
export function misused(message: string, hint: string): Refusal {
  return { ...NOTHING, kind: 'unsupported', sqlstate: '22023', message, hint }
}

/** The same words as on the wire: what is not there and what is not for you are not told apart. */
export function unknownConnection(connection: string): Refusal {
  return {
    ...NOTHING,
    kind: 'connection',
    sqlstate: '3D000',
    message: `connection "${connection}" does not exist or is not for you`,
    hint: 'Call list_connections, and use one of those names.',
  }
}

export const NO_COPY: Refusal = {
  ...NOTHING,
  kind: 'unsupported',
  sqlstate: '0A000',
  message: 'COPY does not travel over MCP',
  detail: 'Its data has a stream of its own, which a tool call has not.',
  hint: 'Read with SELECT, and follow the cursor for more rows. Write with INSERT … VALUES of several rows.',
}

export const LEFT_OPEN: Refusal = {
  ...NOTHING,
  kind: 'unsupported',
  sqlstate: '25001',
  message: 'the call left a transaction open, so it was rolled back',
  detail: 'Each call is by itself: a transaction does not go on from one call to the next.',
  hint: 'Put BEGIN, the statements and COMMIT into one call, or send the statements without BEGIN: each commits by itself.',
}
