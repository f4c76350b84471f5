import type { Clock } from '../../proxy/ports.ts'
import type { ActDetails } from '../contract/audit.ts'
import type { HostRecord, JournalRecorder } from '../recordings/recorder.ts'
import type { Audit } from './audit.ts'

const DAY_MS = 86_400_000
/** Of one detail's text; what is longer is cut. */
const MAX_TEXT = 2000

export interface HostAudit extends Audit {
  /** Ends the record, as the host does; the recorder's own end writes it. */
  close(): void
}

/**
 * The audit over the journal: a record of the host's own, which is a chain like a session's and is proved, signed, exported, streamed and kept as
 * one. A new one begins with each start and each day (UTC), so that retention can remove whole ones.
 */
export function createAudit(recorder: Pick<JournalRecorder, 'openedByHost' | 'commit'>, clock: Clock): HostAudit {
  let record: HostRecord | undefined
  let day = -1
  const ofToday = (): HostRecord => {
    const today = Math.floor(clock.now() / DAY_MS)
    if (record !== undefined && today === day) return record
    record?.closed('the day is over')
    record = recorder.openedByHost()
    day = today
    return record
  }
  return {
    ready: () => recorder.commit(),
    record: ({ who, address }, act, details = {}, outcome = 'done') => {
      const by = who === undefined ? null : { name: who.name, issuer: who.issuer, subject: who.subject, kind: who.kind }
      ofToday().act({ act, outcome, by, address, details: cut(details) })
      recorder.commit()
    },
    close: () => {
      record?.act({ act: 'host-stopped', outcome: 'done', by: null, address: '', details: {} })
      record?.closed('the host stopped')
      record = undefined
    },
  }
}

function cut(details: ActDetails): ActDetails {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, cutValue(value)]))
}

function cutValue(value: ActDetails[string]): ActDetails[string] {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value
  if (Array.isArray(value)) return value.slice(0, 200).map((one) => (one.length > 200 ? `${one.slice(0, 200)}…` : one))
  return value
}
