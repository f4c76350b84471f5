import { GatewayError } from '../errors.ts'
import type { Judged } from '../ports.ts'
import type { Verb } from '../statement/facts.ts'

/** What a read-only transaction cannot do, whatever the policy says. */
const CHANGES: readonly Verb[] = ['write', 'ddl', 'privilege']

export function changesData(judged: Judged): boolean {
  return judged.facts.some((facts) => facts.verbs.some((verb) => CHANGES.includes(verb)))
}

/**
 * 25006, as the server would say it, but before a person is asked or anything is sent: at the login of this session no rule let anything be
 * changed, so that the server was told to keep it read-only. Taking that back could undo what the database's own role is meant to have.
 */
export function readOnlySession(): GatewayError {
  return new GatewayError({
    code: 'denied',
    sqlstate: '25006',
    message: 'cannot change anything in a read-only session',
    detail: 'The policy allows more than it did when this session began.',
    hint: 'Connect again, and send the statement in the new session.',
  })
}
