import type { Calls } from '../contract/calls.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'

/**
 * Who may call what. `anyone`: no sign-in. `signed-in`: any identity, agents too. `own`: anyone signed in, and without a role only what is
 * their own (each handler sees to that, with `onlyOwn`). A role: that one or `admin`; `role`: any.
 */
export type Access = 'anyone' | 'signed-in' | 'own' | 'role' | 'admin'

export const ACCESS: Readonly<Record<keyof Calls, Access>> = {
  health: 'anyone',
  signIn: 'anyone',
  setUpCode: 'anyone',
  me: 'signed-in',
  listPasskeys: 'signed-in',
  passkeyOptions: 'signed-in',
  addPasskey: 'signed-in',
  removePasskey: 'signed-in',
  removePasskeysOf: 'admin',
  decisionPasskey: 'role',
  listAgents: 'role',
  // Approvers may pause, only an admin resumes: the handler sees to the first.
  pauseAgents: 'role',
  resumeAgents: 'admin',
  listApprovals: 'own',
  readApproval: 'own',
  // Who may decide which request is answered by `refuseDecider`, whose words are for the caller to read.
  decide: 'signed-in',
  // As for `decide`: it locks rows of the team's tables for a moment.
  rehearse: 'signed-in',
  listStanding: 'role',
  revokeStanding: 'role',
  listSessions: 'own',
  readSession: 'own',
  listEvents: 'own',
  timeline: 'own',
  outline: 'own',
  proof: 'own',
  activity: 'own',
  listStatements: 'own',
  terminate: 'own',
  terminatePerson: 'own',
  policies: 'role',
  masking: 'role',
  followedLabels: 'role',
  removeFollowedLabel: 'admin',
  builtInPatterns: 'role',
  testPatterns: 'role',
  catalog: 'role',
  // Both read the team's tables.
  previewMasking: 'admin',
  unprotected: 'admin',
  connections: 'role',
  readConfiguration: 'role',
  changeConfiguration: 'admin',
  checkConfiguration: 'role',
  listVersions: 'role',
  readVersion: 'role',
  restoreVersion: 'admin',
  configurationSchema: 'role',
  changePolicies: 'admin',
  changeMasking: 'admin',
  changeConnections: 'admin',
  writeCredential: 'admin',
  // Both log in at a database.
  testDraftConnection: 'admin',
  testConnection: 'admin',
  explain: 'role',
  listFunctions: 'role',
  vouch: 'admin',
  withdrawVouch: 'admin',
  audit: 'role',
  evidence: 'role',
  whatIf: 'role',
  retention: 'role',
  runRetention: 'admin',
}

/** Throws 401 or 403 as `ApiProblem`. Returns the caller where there has to be one. */
export function admit(access: Access, caller: Caller | undefined): Caller | undefined {
  if (access === 'anyone') return caller
  if (caller === undefined) throw new ApiProblem(401, 'sign-in', 'Sign in, or send a token of your identity provider.')
  if (access === 'role' && caller.roles.length === 0) throw noRole(caller)
  if (access === 'admin' && !caller.roles.includes('admin')) {
    throw new ApiProblem(403, 'no-role', 'This needs the role of admin, which none of your groups gives.')
  }
  return caller
}

export function noRole(caller: Caller): ApiProblem {
  const text =
    caller.who.kind === 'agent'
      ? 'An agent sees its own requests and sessions here, and nothing else.'
      : 'None of your groups has a role in Sallyport, so you see only your own requests and sessions. An admin can change that in the configuration (roles).'
  return new ApiProblem(403, 'no-role', text)
}

/** Whether this caller sees only what is their own. */
export const onlyOwn = (caller: Caller): boolean => caller.roles.length === 0
