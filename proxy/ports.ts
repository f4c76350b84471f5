/**
 * Everything the data path asks of the outside. The interfaces stand here, with the one who needs them;
 * `main/` implements each in one folder. Nothing in `proxy/` knows SQLite, HTTP or Electron.
 */

import type { Catalog } from './catalog/catalog.ts'
import type { Moved } from './statement/alike.ts'
import type { StatementFacts } from './statement/facts.ts'
import type { Carried } from './verdict/carried.ts'
import type { Verdict } from './verdict/decide.ts'
import type { Policy } from './verdict/policy.ts'

/** Who holds the token. Identity is issuer + subject, never the name or an e-mail. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** For people to read. */
  readonly name: string
  readonly groups: readonly string[]
  readonly kind: 'agent' | 'person'
  /** `azp` or `client_id`: which program holds the token. */
  readonly client: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Lower case; only when the provider says that it has verified it. One human behind two identities is known by it. */
  readonly verifiedEmail?: string | undefined
  /** An agent that holds a person's own token (delegation, RFC 8693): that person. */
  readonly onBehalfOf?: { readonly issuer: string; readonly subject: string } | undefined
}

export interface Identities {
  /** Checks signature, algorithm, issuer, audience, times. Throws `GatewayError` (`token-invalid`) that names what was wrong, never the token. */
  verify(token: string): Promise<Identity>
  /** Where tokens come from, for clients that ask. Undefined: nobody says. */
  announced(): TokenIssuer | undefined
}

/** What an OAuth client needs to get a token (RFC 7628, section 3.2.2). */
export interface TokenIssuer {
  /** URL of the issuer's discovery document. */
  readonly discovery: string
  /** Scopes to ask for, separated by spaces. */
  readonly scope: string
}

export type UpstreamTls = 'disable' | 'require' | 'verify-full'

/** The real database and the credential that the agent never sees. */
export interface Upstream {
  readonly connection: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly tls: UpstreamTls
  /** PEM of the certificate authority, where the system's are not enough. */
  readonly ca?: string
  readonly limits: ConnectionLimits
}

export interface ConnectionLimits {
  readonly statementTimeoutMs: number
  /** Rows one statement may return. */
  readonly rows: number
  /** Bytes one statement may return. */
  readonly resultBytes: number
  readonly connectionsPerPerson: number
  /** What one identity may have within an hour; undefined: no limit but those above. */
  readonly budget?: Budget | undefined
}

/** Within any 60 minutes, for one identity on one connection. */
export interface Budget {
  readonly statements?: number | undefined
  readonly rows?: number | undefined
  readonly bytes?: number | undefined
}

export interface Upstreams {
  /** Undefined when there is no such connection or it is not for this person's groups: the caller answers both alike. */
  open(connection: string, who: Identity): Upstream | undefined
}

export interface Policies {
  /** The policy in force. The same object until something changes, so that verdicts and mask plans may be kept by its identity. */
  current(connection: string): Policy
}

/** Labels that go with values, and stay with columns. What it is told is in force at once: `Policies.current` has it when the call returns. */
export interface LabelKeeper {
  /**
   * A statement that carries these labels is about to run: from now on they lie where it puts the values, too. Stored before it returns. Throws
   * `GatewayError` (`recorder`) if it cannot be stored: then the statement may not run.
   */
  follow(connection: string, carried: readonly Carried[], session: string): void
  /** A session's open transaction has made this: labels that follow to a table by its name are bound to the table. */
  bind(connection: string, catalog: Catalog): void
  /**
   * The catalog was read, at first or anew. Labels stay with columns that have other names by now, and are bound as in `bind`; those of what is
   * no longer there go.
   */
  catalogRead(connection: string, before: Catalog | undefined, now: Catalog): void
}

/** What an approval binds to, and what the approver is shown. */
export interface ApprovalRequest {
  readonly session: string
  readonly connection: string
  readonly who: Identity
  readonly applicationName: string
  /** The exact text. */
  readonly sql: string
  /** Decoded for people; `null` is SQL NULL. */
  readonly parameters: readonly ApprovalParameter[]
  /** SHA-256 (hex) over connection, identity, exact text bytes, what names in it stand for, parameter bytes, formats and declared types, and the rule with its approvers: what "the same statement" means. */
  readonly key: string
  readonly verdict: Verdict
  readonly facts: readonly StatementFacts[]
  readonly statement: number
  readonly prepared?: readonly PreparedBody[]
  /** The session's transaction is open: what it has changed is seen by nobody else. */
  readonly inTransaction?: boolean
  readonly history?: SessionHistory
  readonly untrusted?: readonly UntrustedRead[]
  /** Why, in the agent's own words, said beside the statement and not in it. */
  readonly reason?: string | undefined
}

export interface ApprovalParameter {
  readonly text: string | null
  /** True when the value is compared with a sensitive column or could not be decoded: pages show that there is one, not what. */
  readonly hidden: boolean
  /** The value even where it is hidden, for the host's own count; never stored or shown. Left out where it could not be decoded. */
  readonly value?: string | null
  /** `pg_type.oid`; 0 or left out: not known. */
  readonly type?: number
}

/** What a name that the text runs stands for. */
export interface PreparedBody {
  readonly name: string
  /** The body, or the PREPARE that made it. */
  readonly sql: string
}

/** What a session did before a statement. */
export interface SessionHistory {
  readonly statements: number
  readonly allowed: number
  readonly held: number
  readonly denied: number
  /** The last few, oldest first. */
  readonly recent: readonly { readonly number: number; readonly at: number; readonly judged: Judged }[]
}

/** A table with outsiders' text that a session has read, and by which statement first. */
export interface UntrustedRead {
  readonly table: string
  /** Where it was read: a client inside this process may have several sessions. */
  readonly session: string
  readonly statement: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

export type Decision =
  | {
      readonly outcome: 'approved'
      readonly approval: number
      readonly by: string
      readonly reason: string
      readonly reveal: boolean
      /** With `reveal`: only columns all of whose labels are among these. Undefined: all. */
      readonly revealLabels?: readonly string[]
      readonly maxRows: number | undefined
      /** It was approved in advance: by which standing approval, how often it has been used with this time, and of how many; undefined: of any number. */
      readonly standing?: { readonly id: number; readonly use: number; readonly of: number | undefined }
    }
  | { readonly outcome: 'denied'; readonly approval: number; readonly by: string; readonly reason: string }
  /** Nobody decided. The request stays open until `openUntil` (ms since the epoch). */
  | { readonly outcome: 'expired'; readonly approval: number; readonly openUntil: number }

export interface PendingApproval {
  /** The number a person sees: `#218`. */
  readonly number: number
  readonly waitMs: number
  /** Settles once. Never rejects. Never settles after `leave`. */
  readonly decision: Promise<Decision>
  /** The client cancelled, left, or the host shuts down. `withdraw` closes the request; otherwise a late approval can still be used by the same statement. */
  leave(withdraw: boolean): void
}

export interface Approvals {
  /** Opens a request, or finds an open or approved one for the same key. Throws `GatewayError` (`recorder`) if it cannot be stored. */
  ask(request: ApprovalRequest): PendingApproval
  /** The clearance was made: the approval is used up. False if it was used, revoked or has expired meanwhile. */
  use(approval: number): boolean
}

/** How a session began. */
export interface SessionOpening {
  readonly connection: string
  readonly who: Identity
  readonly clientAddress: string
  readonly applicationName: string
  readonly tls: boolean
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How one statement ended. */
export interface StatementEnd {
  readonly rows: number
  readonly bytes: number
  readonly ms: number
  /** Undefined when it succeeded. */
  readonly sqlstate: string | undefined
  /** CommandComplete tag: `UPDATE 3`. */
  readonly tag: string
  readonly masked: readonly string[]
  /** The version of the policy by which its rows were masked; undefined or missing: it gave none. */
  readonly maskedBy?: string | undefined
}

/** A statement as it was judged. The same object for the same text, facts and policy, so that a recorder may keep what it encoded. */
export interface Judged {
  /** The exact bytes. */
  readonly text: Buffer
  readonly facts: readonly StatementFacts[]
  readonly verdict: Verdict
  /** Where the facts' offsets are in this text, when they were read from one that differs in constants only; only where it is allowed. */
  readonly moved: Moved | undefined
}

/** One session's record. Calls only append to memory; `Recorder.commit` makes them durable. */
export interface SessionRecord {
  readonly id: string
  /** A statement was judged. `bind` is the Bind frame's body (protocol section 55.7) or undefined. Returns the statement's number in this session, from 1. */
  statement(judged: Judged, bind: Buffer | undefined): number
  asked(statement: number, approval: number): void
  answered(statement: number, decision: Decision | { readonly outcome: 'withdrawn'; readonly approval: number }): void
  sent(statement: number): void
  /**
   * Whole frames exactly as the client gets them, already masked: RowDescription, DataRow, CopyOutResponse, CopyData; and after a
   * CopyInResponse the beginning of what it sends, masked too. Copied before return. False: the cap for this statement is reached, and the caller need not call again for it.
   */
  response(statement: number, frames: Buffer, start: number, end: number): boolean
  finished(statement: number, end: StatementEnd): void
  /** A refusal without a statement: login, protocol, limits. */
  note(what: string): void
  /** The session has read tables with outsiders' text, for the first time. */
  untrusted(statement: number, tables: readonly string[]): void
  closed(reason: string): void
}

export interface Recorder {
  opened(opening: SessionOpening): SessionRecord
  /** Synchronous: everything appended so far survives a crash of this process. Throws `GatewayError` (`recorder`) if it cannot be written; then nothing may go upstream. */
  commit(): void
}

/**
 * A client inside this process (MCP). It speaks the protocol as any other, through the same door, and hears besides what became of each
 * of its statements. It can change nothing.
 */
export interface Companion {
  /** `10.0.0.7`: who stands behind it. */
  readonly address: string
  /** What it was asked over is encrypted. */
  readonly tls: boolean
  /** Outsiders' text that this client has read, in whichever of its sessions on the connection; they add to it. */
  readonly reads: UntrustedRead[]
  /** Why the agent says that it runs what comes now: goes into the record beside the statement, never into its text. */
  reason(): string | undefined
  opened(session: string): void
  judged(statement: number, judged: Judged): void
  asked(statement: number, approval: number): void
  answered(statement: number, decision: Parameters<SessionRecord['answered']>[1]): void
  finished(statement: number, end: StatementEnd): void
}

/** Sessions as others see and end them. */
export interface LiveSession {
  readonly id: string
  readonly connection: string
  readonly who: Identity
  readonly startedAt: number
  /** Ends it: the client gets FATAL 57P01 with this reason. */
  end(reason: string): void
  /** The same, but lets a statement in flight finish first. One that is held does not count as in flight. */
  drain(reason: string): void
}

export interface Log {
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export interface Ports {
  readonly identities: Identities
  readonly upstreams: Upstreams
  readonly policies: Policies
  readonly labels: LabelKeeper
  readonly approvals: Approvals
  readonly recorder: Recorder
  readonly log: Log
  readonly clock: Clock
}
