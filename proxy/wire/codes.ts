/**
 * Message type bytes of the frontend/backend protocol 3.x (PostgreSQL documentation, section "Message Formats").
 * A byte that is not listed here does not exist for us, and is refused.
 */

/** From the client (F). */
export const FROM_CLIENT = {
  query: 0x51, // Q
  parse: 0x50, // P
  bind: 0x42, // B
  describe: 0x44, // D
  execute: 0x45, // E
  close: 0x43, // C
  flush: 0x48, // H
  sync: 0x53, // S
  functionCall: 0x46, // F
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  password: 0x70, // p: PasswordMessage, SASLInitialResponse, SASLResponse, GSSResponse
  terminate: 0x58, // X
} as const

/** From the server (B). */
export const FROM_SERVER = {
  authentication: 0x52, // R
  backendKeyData: 0x4b, // K
  parameterStatus: 0x53, // S
  readyForQuery: 0x5a, // Z
  rowDescription: 0x54, // T
  dataRow: 0x44, // D
  commandComplete: 0x43, // C
  emptyQuery: 0x49, // I
  portalSuspended: 0x73, // s
  parseComplete: 0x31, // 1
  bindComplete: 0x32, // 2
  closeComplete: 0x33, // 3
  noData: 0x6e, // n
  parameterDescription: 0x74, // t
  error: 0x45, // E
  notice: 0x4e, // N
  notification: 0x41, // A
  copyIn: 0x47, // G
  copyOut: 0x48, // H
  copyBoth: 0x57, // W
  copyData: 0x64, // d
  copyDone: 0x63, // c
  functionResult: 0x56, // V
  negotiateVersion: 0x76, // v
} as const

/** Transaction status in ReadyForQuery. */
export const STATUS = { idle: 0x49, inTransaction: 0x54, failed: 0x45 } as const

/** Type byte + length word. */
export const HEADER = 5
