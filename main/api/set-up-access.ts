import type { Calls } from '../contract/calls.ts'
import { SET_UP_ISSUER } from '../identity/set-up.ts'
import type { Caller } from './caller.ts'

/**
 * What the one who sets a host up may do before there is an admin: configure it, and see that it works. Everything else finds an identity without a
 * role: no request is decided, no recording or table read.
 */
const SET_UP_CALLS: ReadonlySet<keyof Calls> = new Set<keyof Calls>([
  'me',
  'health',
  'policies',
  'masking',
  'connections',
  'readConfiguration',
  'changeConfiguration',
  'checkConfiguration',
  'configurationSchema',
  'changePolicies',
  'changeMasking',
  'changeConnections',
  'writeCredential',
  'testDraftConnection',
  'testConnection',
  // Names and types, no values: so that columns can be labelled.
  'catalog',
])

/** The caller as they are for this call. */
export function withSetUp(call: keyof Calls, caller: Caller | undefined): Caller | undefined {
  if (caller?.who.issuer !== SET_UP_ISSUER || !SET_UP_CALLS.has(call)) return caller
  return { ...caller, roles: ['admin'] }
}
