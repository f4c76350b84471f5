/** Why we are not in at the database, as a client may hear it: neither the credential nor the server's address or own words. */
import { GatewayError } from '../errors.ts'
import type { Upstream } from '../ports.ts'

/** The server's ErrorResponse to our login, by its SQLSTATE. */
export function serverError(upstream: Upstream, code: string): GatewayError {
  if (code.startsWith('28') || code === '3D000') return refused(upstream, `the server refused our login (${code})`)
  if (code === '53300')
    return new GatewayError({ code: 'too-many', sqlstate: '53300', message: 'the database has no free connection', severity: 'FATAL' })
  if (code === '22023' || code === '42704') {
    return new GatewayError({
      code: 'unsupported',
      sqlstate: code,
      message: 'the server does not take the value of a startup parameter',
      hint: 'Look at the settings in your connection string and in PGOPTIONS.',
      severity: 'FATAL',
    })
  }
  return unavailable(upstream, new Error(`the server answered ${code}`))
}

export function refused(upstream: Upstream, why: string): GatewayError {
  return new GatewayError({
    code: 'upstream-refused',
    sqlstate: '08004',
    message: `connection "${upstream.connection}": the gateway could not log in at the database: ${why}`,
    hint: "This is the gateway's configuration, not yours: tell the team that runs it.",
    severity: 'FATAL',
  })
}

export function unavailable(upstream: Upstream, cause: unknown): GatewayError {
  const why = cause instanceof Error ? ('code' in cause && typeof cause.code === 'string' && cause.code) || cause.message : 'unknown'
  return new GatewayError(
    {
      code: 'upstream-unavailable',
      sqlstate: '08006',
      message: `connection "${upstream.connection}": the database cannot be reached (${why})`,
      hint: 'Try again in a moment. If it goes on, tell the team that runs the gateway.',
      severity: 'FATAL',
    },
    { cause },
  )
}
