import type { ActName } from '../contract/audit.ts'
import type { Calls } from '../contract/calls.ts'

/** Calls that can change something: all that are not GET. */
export type ChangingCall = { [K in keyof Calls]: Calls[K]['method'] extends 'get' ? never : K }[keyof Calls]

/**
 * Which administrative act each changing call is. `serveCall` records it, once it was done or refused, with the path's parameters and with what the
 * handler adds by `input.note({…})`. `null`: it changes nothing and is not recorded. `itself`: the handler records what it did, by `context.audit`.
 */
export const ACT_OF: Readonly<Record<ChangingCall, ActName | 'itself' | null>> = {
  // Who signs in is recorded where it is done: nobody has called yet.
  setUpCode: 'itself',
  passkeyOptions: null,
  addPasskey: 'passkey-added',
  removePasskey: 'passkey-removed',
  removePasskeysOf: 'passkey-removed',
  decisionPasskey: null,
  pauseAgents: 'agents-paused',
  resumeAgents: 'agents-resumed',
  decide: 'approval-decided',
  rehearse: 'rehearsal-run',
  revokeStanding: 'standing-approval-revoked',
  terminate: 'session-terminated',
  terminatePerson: 'person-terminated',
  removeFollowedLabel: 'followed-label-removed',
  previewMasking: 'masking-previewed',
  explain: null,
  testPatterns: null,
  whatIf: null,
  runRetention: 'retention-run',
  changeConfiguration: 'configuration-applied',
  checkConfiguration: null,
  restoreVersion: 'configuration-rolled-back',
  changePolicies: 'configuration-changed',
  changeMasking: 'configuration-changed',
  changeConnections: 'configuration-changed',
  writeCredential: 'credential-written',
  testDraftConnection: 'connection-tested',
  testConnection: 'connection-tested',
  vouch: 'vouched',
  withdrawVouch: 'vouch-withdrawn',
}

export function actOf(call: keyof Calls): ActName | 'itself' | null {
  return call in ACT_OF ? ACT_OF[call as ChangingCall] : null
}
