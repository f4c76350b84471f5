import { readSegmentStarts } from '../store/evidence-table.ts'
import type { Db } from '../store/open-database.ts'
import { readPosition } from '../store/position-table.ts'
import { decodeBatch } from './decode-batch.ts'
import { EventDeriver } from './derive-events.ts'
import { hashText, type Starts, startsSchema } from './evidence-documents.ts'
import { HeadWalk } from './head-walk.ts'
import { JournalComparison } from './journal-comparison.ts'
import { GENESIS, HEADER_BYTES, segmentName } from './journal-format.ts'
import { SegmentReader } from './read-journal.ts'
import { listSegments } from './recover-journal.ts'
import type { Evidence } from './verify-evidence.ts'
import type { RecordingFault } from './verify-recordings.ts'

interface JournalVerification {
  readonly faults: readonly RecordingFault[]
  readonly behindBytes: number
}

/**
 * Proves the journal's chain and that it goes through every signed head, makes every session's events from it again, and holds each against the
 * one that the database has. `session` limits the comparison to one, not the chain.
 */
export function verifyJournal(db: Db, directory: string, session: string | undefined, evidence: Evidence): JournalVerification {
  const segments = listSegments(directory)
  const beginning = findBeginning(db, segments[0], evidence)
  const comparison = new JournalComparison(db, session, evidence.removals, beginning.starts)
  const walk = new HeadWalk(evidence.heads, beginning.through)
  const state = { head: beginning.hash, behindBytes: 0 }
  const problem = beginning.fault ?? readAll(db, directory, segments, comparison, walk, state)
  if (problem === undefined) comparison.finish()
  const ending = problem ?? walk.finish()
  return { faults: [...(ending === undefined ? [] : [ending]), ...comparison.faults], behindBytes: state.behindBytes }
}

/** What stands before the first segment that is still there: nothing, or what a signed removal says. */
function findBeginning(db: Db, first: number | undefined, { removals }: Evidence) {
  const removal = removals.findLast((one) => one.journal !== null)?.journal ?? undefined
  const through = removal?.through ?? 0
  const beginning = { through, hash: removal === undefined ? GENESIS : Buffer.from(removal.hash, 'hex').toString('latin1') }
  if (removal === undefined || first === undefined) return { ...beginning, starts: [], fault: undefined }
  const row = readSegmentStarts(db, through + 1)
  const starts: Starts = row === undefined ? [] : startsSchema.parse(JSON.parse(row.starts))
  const changed = hashText(row?.starts ?? '') !== removal.starts
  const fault = changed
    ? broken(through + 1, 0, 'the list of the sessions that were open when it began is not the one that was signed')
    : undefined
  return { ...beginning, starts, fault }
}

function readAll(
  db: Db,
  directory: string,
  segments: readonly number[],
  comparison: JournalComparison,
  walk: HeadWalk,
  state: { head: string; behindBytes: number },
): RecordingFault | undefined {
  const position = readPosition(db)
  const deriver = new EventDeriver(comparison)
  for (const [place, number] of segments.entries()) {
    if (number <= walk.removedThrough) continue
    const reader = new SegmentReader(directory, number)
    try {
      const header = reader.header()
      if (header === undefined) return broken(number, 0, 'its header was changed')
      if (header.previous !== state.head || header.number !== number) {
        return broken(number, 0, 'it does not follow what stands before it: a file was removed or put in')
      }
      state.head = header.hash
      let offset = HEADER_BYTES
      deriver.beginSegment()
      for (;;) {
        const contradiction = walk.at(number, offset, state.head)
        if (contradiction !== undefined) return contradiction
        const batch = reader.batch(offset, state.head)
        if (!batch.ok) {
          const last = place === segments.length - 1
          if (batch.why === 'end' || (last && batch.why === 'short')) break
          return broken(number, offset, 'what stands there was changed')
        }
        comparison.taken =
          position !== undefined && (number < position.segment || (number === position.segment && offset < position.offset))
        if (!comparison.taken) state.behindBytes += batch.next - offset
        for (const record of decodeBatch(batch.payload)) deriver.apply(record)
        deriver.endBatch()
        offset = batch.next
        state.head = batch.hash
      }
    } catch (cause) {
      return broken(number, 0, cause instanceof Error ? cause.message : String(cause))
    } finally {
      reader.close()
    }
  }
  return undefined
}

export function broken(segment: number, offset: number, what: string): RecordingFault {
  return { where: 'journal', session: undefined, seq: undefined, text: `Journal ${segmentName(segment)}, byte ${offset}: ${what}.` }
}
