import { GatewayError } from '../errors.ts'

/**
 * Bytes of one row that is gathered whole, since it must be searched or masked: what it becomes has another length, and the length comes
 * first on the wire. Longer rows pass only where nothing must be looked into.
 */
export const LONGEST_ROW = 32 * 1024 * 1024

export function rowTooLong(bytes: number): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54000',
    message: `one row of ${bytes} bytes is more than the gateway can search or mask (${LONGEST_ROW} bytes)`,
    hint: 'Leave long values out, or ask for parts of them, as with substring().',
  })
}
