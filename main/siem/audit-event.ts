import { toHex } from '../recordings/hash.ts'
import type { StoredEvent } from '../recordings/stored-event.ts'
import type { SessionRow } from '../store/sessions-table.ts'

/** Longer statements are cut here; the record has all of it. */
const MAX_SQL = 16_384

/** One event as a SIEM gets it, flat. Rows and parameters stay in the record. */
export type AuditEvent = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** What events name by hash. */
export interface AuditSources {
  text(sha: string): string | undefined
  verdict(sha: string): { effect: string; policyVersion: string; rule: string | null; because: string[]; labels: string[] } | undefined
}

/** Undefined for events that say nothing by themselves (sent, rows). */
export function auditEventOf(session: SessionRow, event: StoredEvent, hash: string, sources: AuditSources): AuditEvent | undefined {
  const what = describe(event, sources)
  if (what === undefined) return undefined
  return {
    time: new Date(event.at).toISOString(),
    event: event.kind,
    session: session.id,
    seq: event.seq,
    hash: toHex(hash),
    connection: session.connection,
    name: session.name,
    subject: session.subject,
    issuer: session.issuer,
    kind: session.kind,
    client: session.client,
    ...what,
  }
}

function describe(event: StoredEvent, sources: AuditSources): AuditEvent | undefined {
  switch (event.kind) {
    case 'opened': {
      const { groups, clientAddress, application, tls } = event.opening
      return { groups, clientAddress, application, tls }
    }
    case 'statement': {
      const sql = sources.text(event.text) ?? ''
      return { statement: event.statement, sql: sql.slice(0, MAX_SQL), sqlCut: sql.length > MAX_SQL, textSha256: event.text }
    }
    case 'verdict': {
      const verdict = sources.verdict(event.verdict)
      return { statement: event.statement, ...verdict }
    }
    case 'asked':
      return { statement: event.statement, approval: event.approval }
    case 'answered': {
      const { approval, outcome, by, reason, reveal, revealLabels, maxRows } = event.answer
      return {
        statement: event.statement,
        approval,
        outcome,
        by,
        reason,
        reveal,
        ...(revealLabels === undefined ? {} : { revealLabels }),
        maxRows,
      }
    }
    case 'finished': {
      const { statement, rows, bytes, ms, sqlstate, tag, masked } = event
      return { statement, rows, bytes, ms, sqlstate, tag, masked }
    }
    case 'untrusted':
      return { statement: event.statement, tables: event.tables }
    case 'note':
      return { text: event.text }
    case 'act': {
      const { act, outcome, by, address, details } = event.act
      return { act, outcome, clientAddress: address, ...(by ?? {}), details: JSON.stringify(details) }
    }
    case 'closed':
      return { reason: event.reason }
    case 'sent':
    case 'rows':
      return undefined
  }
}
