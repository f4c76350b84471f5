import type { z } from 'zod'
import type {
  Act,
  Approval,
  calls,
  Health,
  Masking,
  Me,
  Passkey,
  Policies,
  Proof,
  RecordedEvent,
  Session,
  SignInOptions,
  StandingApproval,
} from '../../../main/contract/index.ts'
import { makeActs, makeAgents } from './made-up-administration.ts'
import { makeApprovals } from './made-up-approvals.ts'
import { makeMasking, makePolicies } from './made-up-policies.ts'
import { makeEvents, makeSessions } from './made-up-sessions.ts'
import { makeStanding } from './made-up-standing.ts'

/** All that the made-up host knows; change it as a test needs. */
export interface FakeState {
  me: Me | undefined
  providers: SignInOptions['providers']
  health: Health
  approvals: Map<number, Approval>
  sessions: Session[]
  events: RecordedEvent[]
  proof: Proof
  standing: StandingApproval[]
  policies: Policies
  masking: Masking
  agents: z.input<(typeof calls)['listAgents']['response']>
  acts: Act[]
  passkeys: Passkey[]
  connections: z.input<(typeof calls)['connections']['response']>
}

export const issuer = 'https://login.corp/realms/main'

/** A working day: three wait, four were decided, some sessions live. `now`: milliseconds since the epoch. */
export function workingDay(now = Date.now()): FakeState {
  return {
    me: {
      name: 'Priya Nair',
      issuer,
      subject: 'priya',
      kind: 'person',
      roles: ['admin', 'approver'],
      groups: ['leads', 'dba'],
      signInAt: now - 6 * 60_000,
      decideUntil: now + 9 * 60_000,
      csrf: { header: 'x-sallyport-csrf', token: 'token-of-the-fake' },
    },
    providers: [{ name: 'corp', url: '/auth/sign-in?provider=corp' }],
    health: {
      status: 'ok',
      detail: {
        version: '0.1.0',
        startedAt: now - 5 * 3_600_000,
        trouble: [],
        liveSessions: 3,
        pendingApprovals: 3,
        recorder: { writing: true, journalBytes: 48_211_204, behindBytes: 0, slowestWriteMs: 1.8 },
      },
    },
    approvals: new Map(makeApprovals(now).map((approval) => [approval.id, approval])),
    sessions: makeSessions(now),
    events: makeEvents(now),
    proof: { intact: true, events: 61, signedEvents: 61, signedAt: now - 20_000, fault: null },
    standing: makeStanding(now),
    policies: makePolicies(),
    masking: makeMasking(),
    agents: makeAgents(now),
    acts: makeActs(now),
    passkeys: [{ id: 'cGFzc2tleQ', name: 'Laptop', createdAt: now - 40 * 86_400_000, lastUsedAt: now - 3 * 3_600_000 }],
    connections: {
      version: 7,
      source: [],
      proxy: '127.0.0.1:6432',
      items: [
        {
          name: 'shop',
          engine: 'postgres',
          host: '10.0.0.5',
          port: 5432,
          database: 'shop',
          user: 'app_rw',
          passwordSet: true,
          credential: { kind: 'env', name: 'PASSWORD' },
          lease: null,
          tls: 'verify-full',
          groups: ['ai-agents'],
          limits: { statementTimeoutMs: 30_000, rows: 100_000, resultBytes: 64 * 1024 * 1024, connectionsPerPerson: 20 },
        },
        {
          name: 'warehouse',
          engine: 'postgres',
          host: '10.0.0.9',
          port: 5432,
          database: 'dwh',
          user: 'reader',
          passwordSet: true,
          credential: { kind: 'env', name: 'PASSWORD' },
          lease: null,
          tls: 'require',
          groups: ['analytics', 'ai-agents'],
          limits: { statementTimeoutMs: 120_000, rows: 1_000_000, resultBytes: 256 * 1024 * 1024, connectionsPerPerson: 4 },
        },
      ],
    },
  }
}
