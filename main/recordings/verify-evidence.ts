import { readHeads, readRemovals } from '../store/evidence-table.ts'
import type { Db } from '../store/open-database.ts'
import { type Head, hashText, headSchema, NO_DOCUMENT, type Removal, readDocument, removalSchema } from './evidence-documents.ts'
import type { KeyRing } from './key-ring.ts'
import type { RecordingFault } from './verify-recordings.ts'

export interface Evidence {
  readonly faults: readonly RecordingFault[]
  /** In order; up to the first that does not hold. */
  readonly heads: readonly Head[]
  readonly removals: readonly Removal[]
}

/** Proves the signed documents themselves: signatures, numbers, and that each names the one before it. */
export function verifyEvidence(db: Db, ring: KeyRing): Evidence {
  const faults: RecordingFault[] = []
  const fault = (text: string): void => {
    faults.push({ where: 'head', session: undefined, seq: undefined, text })
  }
  const removals: Removal[] = []
  let previous = NO_DOCUMENT
  for (const row of readRemovals(db)) {
    const removal = readDocument(removalSchema, row)
    const problem = removal === undefined ? 'it is not one as this program writes them' : ring.problem(row, removal.key)
    if (removal === undefined || problem !== undefined) {
      fault(`Removal ${row.number}: ${problem}.`)
      break
    }
    if (removal.number !== removals.length + 1 || removal.previous !== previous) {
      fault(`Removal ${removals.length + 1}: it is missing, or another stands in its place.`)
      break
    }
    removals.push(removal)
    previous = hashText(row.body)
  }

  const gone = removals.findLast((removal) => removal.heads !== null)?.heads
  const heads: Head[] = []
  let number = gone?.through ?? 0
  previous = gone?.hash ?? NO_DOCUMENT
  for (const row of readHeads(db)) {
    number += 1
    const head = readDocument(headSchema, row)
    const problem = head === undefined ? 'it is not one as this program writes them' : ring.problem(row, head.key)
    if (head === undefined || problem !== undefined) {
      fault(`Signed head ${row.number}: ${problem}.`)
      break
    }
    if (head.number !== number || head.previous !== previous) {
      fault(`Signed head ${number}: it is missing, or another stands in its place.`)
      break
    }
    heads.push(head)
    previous = hashText(row.body)
  }
  const last = heads.at(-1)
  if (last === undefined && faults.length === 0) fault('The record has no signed head: its end could have been cut off.')
  if (last !== undefined && last.removals > removals.length && faults.length === 0) {
    fault(`Removal ${removals.length + 1}: it is missing; the signed head ${last.number} counts ${last.removals}.`)
  }
  return { faults, heads, removals }
}
