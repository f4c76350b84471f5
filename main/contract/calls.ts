import { z } from 'zod'
import { agentListSchema, pauseAgentsRequestSchema, pauseAgentsResponseSchema, resumeAgentsRequestSchema } from './agents.ts'
import { approvalListSchema, approvalQuerySchema, approvalSchema, decisionRequestSchema } from './approvals.ts'
import { auditListSchema, auditQuerySchema } from './audit.ts'
import { connectionListSchema } from './connections.ts'
import { eventListSchema, eventQuerySchema } from './events.ts'
import { evidenceSchema } from './evidence.ts'
import { explainRequestSchema, explainResponseSchema } from './explain.ts'
import { teamFunctionListSchema, teamFunctionSchema, vouchRequestSchema } from './functions.ts'
import { healthSchema } from './health.ts'
import { maskingSchema, maskPreviewRequestSchema, maskPreviewSchema, unprotectedSchema } from './masking.ts'
import {
  addPasskeyRequestSchema,
  decisionPasskeyRequestSchema,
  decisionPasskeySchema,
  passkeyListSchema,
  passkeyOptionsRequestSchema,
  passkeyOptionsSchema,
  passkeySchema,
  removePasskeyRequestSchema,
  removePasskeysOfRequestSchema,
  removePasskeysOfResponseSchema,
} from './passkeys.ts'
import { meSchema, setUpCodeRequestSchema, setUpCodeResponseSchema, signInOptionsSchema } from './people.ts'
import { policiesSchema } from './policies.ts'
import {
  retentionRunSchema,
  retentionSchema,
  sessionDetailSchema,
  sessionListSchema,
  sessionQuerySchema,
  statementListSchema,
  statementQuerySchema,
  terminatePersonRequestSchema,
  terminatePersonResponseSchema,
  terminateRequestSchema,
  terminateResponseSchema,
  timelineSchema,
} from './sessions.ts'
import { whatIfRequestSchema, whatIfResponseSchema } from './what-if.ts'

const approvalId = z.object({ id: z.coerce.number().int().positive() })
const sessionId = z.object({ id: z.string().min(1).max(64) })
const connectionName = z.object({ name: z.string().min(1).max(128) })
/** `fn`: `pg_proc.oid`, or the signature. */
const functionName = connectionName.extend({ fn: z.string().min(1).max(4096) })
const passkeyId = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,1400}$/) })
const none = z.object({})

/**
 * Every JSON call of the API. Paths are relative to the host; `{id}` is filled from `params`. `/api/stream` and
 * `/api/sessions/{id}/export` are streams and stand beside this map.
 */
export const calls = {
  health: { method: 'get', path: '/api/health', params: none, query: none, body: undefined, response: healthSchema },
  signIn: { method: 'get', path: '/api/sign-in', params: none, query: none, body: undefined, response: signInOptionsSchema },
  setUpCode: {
    method: 'post',
    path: '/api/sign-in/set-up-code',
    params: none,
    query: none,
    body: setUpCodeRequestSchema,
    response: setUpCodeResponseSchema,
  },
  me: { method: 'get', path: '/api/me', params: none, query: none, body: undefined, response: meSchema },
  listPasskeys: { method: 'get', path: '/api/me/passkeys', params: none, query: none, body: undefined, response: passkeyListSchema },
  passkeyOptions: {
    method: 'post',
    path: '/api/me/passkeys/options',
    params: none,
    query: none,
    body: passkeyOptionsRequestSchema,
    response: passkeyOptionsSchema,
  },
  addPasskey: {
    method: 'post',
    path: '/api/me/passkeys',
    params: none,
    query: none,
    body: addPasskeyRequestSchema,
    response: passkeySchema,
  },
  removePasskey: {
    method: 'delete',
    path: '/api/me/passkeys/{id}',
    params: passkeyId,
    query: none,
    body: removePasskeyRequestSchema,
    response: passkeyListSchema,
  },
  removePasskeysOf: {
    method: 'post',
    path: '/api/people/passkeys/remove',
    params: none,
    query: none,
    body: removePasskeysOfRequestSchema,
    response: removePasskeysOfResponseSchema,
  },
  decisionPasskey: {
    method: 'post',
    path: '/api/approvals/{id}/passkey',
    params: approvalId,
    query: none,
    body: decisionPasskeyRequestSchema,
    response: decisionPasskeySchema,
  },
  listAgents: { method: 'get', path: '/api/agents', params: none, query: none, body: undefined, response: agentListSchema },
  pauseAgents: {
    method: 'post',
    path: '/api/agents/pause',
    params: none,
    query: none,
    body: pauseAgentsRequestSchema,
    response: pauseAgentsResponseSchema,
  },
  resumeAgents: {
    method: 'post',
    path: '/api/agents/resume',
    params: none,
    query: none,
    body: resumeAgentsRequestSchema,
    response: agentListSchema,
  },
  listApprovals: {
    method: 'get',
    path: '/api/approvals',
    params: none,
    query: approvalQuerySchema,
    body: undefined,
    response: approvalListSchema,
  },
  readApproval: { method: 'get', path: '/api/approvals/{id}', params: approvalId, query: none, body: undefined, response: approvalSchema },
  decide: {
    method: 'post',
    path: '/api/approvals/{id}/decision',
    params: approvalId,
    query: none,
    body: decisionRequestSchema,
    response: approvalSchema,
  },
  listSessions: {
    method: 'get',
    path: '/api/sessions',
    params: none,
    query: sessionQuerySchema,
    body: undefined,
    response: sessionListSchema,
  },
  readSession: {
    method: 'get',
    path: '/api/sessions/{id}',
    params: sessionId,
    query: none,
    body: undefined,
    response: sessionDetailSchema,
  },
  listEvents: {
    method: 'get',
    path: '/api/sessions/{id}/events',
    params: sessionId,
    query: eventQuerySchema,
    body: undefined,
    response: eventListSchema,
  },
  timeline: {
    method: 'get',
    path: '/api/sessions/{id}/timeline',
    params: sessionId,
    query: none,
    body: undefined,
    response: timelineSchema,
  },
  listStatements: {
    method: 'get',
    path: '/api/statements',
    params: none,
    query: statementQuerySchema,
    body: undefined,
    response: statementListSchema,
  },
  terminatePerson: {
    method: 'post',
    path: '/api/people/terminate',
    params: none,
    query: none,
    body: terminatePersonRequestSchema,
    response: terminatePersonResponseSchema,
  },
  terminate: {
    method: 'post',
    path: '/api/sessions/{id}/terminate',
    params: sessionId,
    query: none,
    body: terminateRequestSchema,
    response: terminateResponseSchema,
  },
  policies: { method: 'get', path: '/api/policies', params: none, query: none, body: undefined, response: policiesSchema },
  masking: { method: 'get', path: '/api/masking', params: none, query: none, body: undefined, response: maskingSchema },
  previewMasking: {
    method: 'post',
    path: '/api/masking/preview',
    params: none,
    query: none,
    body: maskPreviewRequestSchema,
    response: maskPreviewSchema,
  },
  unprotected: {
    method: 'get',
    path: '/api/masking/unprotected',
    params: none,
    query: z.object({ connection: z.string().min(1) }),
    body: undefined,
    response: unprotectedSchema,
  },
  connections: { method: 'get', path: '/api/connections', params: none, query: none, body: undefined, response: connectionListSchema },
  retention: { method: 'get', path: '/api/retention', params: none, query: none, body: undefined, response: retentionSchema },
  runRetention: { method: 'post', path: '/api/retention', params: none, query: none, body: undefined, response: retentionRunSchema },
  whatIf: {
    method: 'post',
    path: '/api/what-if',
    params: none,
    query: none,
    body: whatIfRequestSchema,
    response: whatIfResponseSchema,
  },
  audit: { method: 'get', path: '/api/audit', params: none, query: auditQuerySchema, body: undefined, response: auditListSchema },
  evidence: { method: 'get', path: '/api/evidence', params: none, query: none, body: undefined, response: evidenceSchema },
  listFunctions: {
    method: 'get',
    path: '/api/connections/{name}/functions',
    params: connectionName,
    query: none,
    body: undefined,
    response: teamFunctionListSchema,
  },
  vouch: {
    method: 'post',
    path: '/api/connections/{name}/functions/{fn}/vouch',
    params: functionName,
    query: none,
    body: vouchRequestSchema,
    response: teamFunctionSchema,
  },
  withdrawVouch: {
    method: 'delete',
    path: '/api/connections/{name}/functions/{fn}/vouch',
    params: functionName,
    query: none,
    body: undefined,
    response: teamFunctionSchema,
  },
  explain: {
    method: 'post',
    path: '/api/explain',
    params: none,
    query: none,
    body: explainRequestSchema,
    response: explainResponseSchema,
  },
} as const

export type Calls = typeof calls
