import { GatewayError } from '../errors.ts'

/** A startup parameter that is not passed on. FATAL: there is no session yet. */
export function notAllowed(name: string, why?: string): GatewayError {
  return new GatewayError({
    code: 'unsupported',
    sqlstate: '42501',
    message: `startup parameter "${name}" is not allowed through the gateway${why === undefined ? '' : `: ${why}`}`,
    hint:
      name.toLowerCase() === 'options'
        ? 'In "options" (PGOPTIONS) only "-c name=value" is known, for settings that SET may change as well.'
        : 'Leave it out of the connection string.',
    severity: 'FATAL',
  })
}
