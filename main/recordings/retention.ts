import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { prepareEvidence, readLastRemoval, readSegmentStarts } from '../store/evidence-table.ts'
import type { Db } from '../store/open-database.ts'
import { readPosition } from '../store/position-table.ts'
import { prepareRemovals } from '../store/removals.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { hashText, NO_DOCUMENT, type Removal } from './evidence-documents.ts'
import { segmentName } from './journal-format.ts'
import { type EndedSession, planRetention, type RetentionPlan, type RetentionRules } from './plan-retention.ts'
import { SegmentReader } from './read-journal.ts'
import { listSegments } from './recover-journal.ts'
import { type SigningKey, signDocument } from './signing-key.ts'

/** Sessions and bytes in one transaction at most: so long does filling wait. */
const STEP_SESSIONS = 100
const STEP_BYTES = 16 * 1024 * 1024

/** What would go now. Reads only. Undefined: nothing. */
export function readRetentionPlan(db: Db, directory: string, rules: RetentionRules, now: number): RetentionPlan | undefined {
  const ended = db
    .prepare<[], EndedSession>(
      `SELECT s.number, s.ended_at AS endedAt, s.last_segment AS lastSegment,
         coalesce((SELECT sum(length(c.body)) FROM chunks c WHERE c.session = s.number), 0) AS bytes
       FROM sessions s WHERE s.ended_at IS NOT NULL`,
    )
    .all()
  const position = readPosition(db)?.segment ?? 0
  const files = listSegments(directory)
    .filter((number) => number <= position)
    .map((number) => ({
      number,
      bytes: sizeOf(join(directory, segmentName(number))),
      begunAt: readSegmentStarts(db, number)?.at ?? 0,
    }))
  return planRetention(rules, now, ended, files, usedBytes(db))
}

/** Bytes of the database that hold something. */
export function usedBytes(db: Db): number {
  const pages = Number(db.pragma('page_count', { simple: true })) - Number(db.pragma('freelist_count', { simple: true }))
  return pages * Number(db.pragma('page_size', { simple: true }))
}

/**
 * Removes what a plan says, in steps: each is one transaction with its signed stub. Yields after each, so that the caller can fill in between. Files
 * go only once the stub that says so is stored; some that a crash left behind go with the next run.
 */
export function* carryOutRetention(db: Db, directory: string, plan: RetentionPlan, key: SigningKey, now: number): Generator<void> {
  const removals = prepareRemovals(db)
  const read = db.prepare<[number], SessionRow & { bytes: number }>(
    'SELECT s.*, coalesce((SELECT sum(length(c.body)) FROM chunks c WHERE c.session = s.number), 0) AS bytes FROM sessions s WHERE s.number = ?',
  )
  let step: SessionRow[] = []
  let bytes = 0
  for (const [place, number] of plan.sessions.entries()) {
    const row = read.get(number)
    if (row !== undefined) {
      step.push(row)
      bytes += row.bytes
    }
    const last = place === plan.sessions.length - 1
    if (step.length === 0 || (!last && step.length < STEP_SESSIONS && bytes < STEP_BYTES)) continue
    const sessions = step
    db.transaction(() => {
      storeRemoval(db, key, now, { why: plan.why, sessions: sessions.map(stubOf), journal: null, heads: null })
      for (const session of sessions) removals.removeSession(session.number)
    }).immediate()
    step = []
    bytes = 0
    yield
  }
  if (plan.through > 0) {
    db.transaction(() => {
      storeRemoval(db, key, now, {
        why: plan.why,
        sessions: [],
        journal: journalStub(db, directory, plan.through),
        heads: headsStub(db, plan.through),
      })
      removals.removeSegments(plan.through)
    }).immediate()
    for (const number of listSegments(directory)) {
      if (number > plan.through) break
      rmSync(join(directory, segmentName(number)), { force: true })
      rmSync(join(directory, `${segmentName(number)}.torn`), { force: true })
    }
    yield
  }
}

function storeRemoval(db: Db, key: SigningKey, at: number, what: Pick<Removal, 'why' | 'sessions' | 'journal' | 'heads'>): void {
  const last = readLastRemoval(db)
  const number = (last?.number ?? 0) + 1
  const removal: Removal = {
    sallyport: 'removal',
    version: 1,
    key: key.id,
    at,
    number,
    ...what,
    previous: last === undefined ? NO_DOCUMENT : hashText(last.body),
  }
  const evidence = prepareEvidence(db)
  evidence.key({ id: key.id, public_key: key.publicKey, since: at })
  evidence.removal({ number, ...signDocument(key, removal) })
}

function stubOf(row: SessionRow): Removal['sessions'][number] {
  return {
    id: row.id,
    connection: row.connection,
    issuer: row.issuer,
    subject: row.subject,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? 0,
    statements: row.statements,
    events: row.events,
    head: row.head.toString('hex'),
  }
}

/** Throws when the file that follows is not there or was not begun under this version: then nothing is removed. */
function journalStub(db: Db, directory: string, through: number): Removal['journal'] {
  const starts = readSegmentStarts(db, through + 1)
  const reader = new SegmentReader(directory, through + 1)
  try {
    const header = reader.header()
    if (starts === undefined || header === undefined) throw new RangeError(`segment ${through + 1} of the journal cannot be read on from`)
    return { through, hash: Buffer.from(header.previous, 'latin1').toString('hex'), starts: hashText(starts.starts) }
  } finally {
    reader.close()
  }
}

/** Heads say nothing any more once the journal that they are of is gone. */
function headsStub(db: Db, through: number): Removal['heads'] {
  const last = db
    .prepare<[number], { number: number; body: string }>(
      "SELECT number, body FROM heads WHERE CAST(json_extract(body, '$.segment') AS INTEGER) <= ? ORDER BY number DESC LIMIT 1",
    )
    .get(through)
  return last === undefined ? null : { through: last.number, hash: hashText(last.body) }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
