import { expect, test } from 'vitest'
import type { Outline } from '../../main/contract/index.ts'
import { keyRing } from '../../main/recordings/key-ring.ts'
import { openRecordingsDatabase } from '../../main/recordings/open-recordings-database.ts'
import { readActivity } from '../../main/recordings/read-activity.ts'
import { readOutline } from '../../main/recordings/read-outline.ts'
import { findSession } from '../../main/recordings/read-sessions.ts'
import { SessionVerifier } from '../../main/recordings/verify-session.ts'
import { readKeys } from '../../main/store/evidence-table.ts'
import { recordingsFile } from '../../main/store/files.ts'
import { recordLongSession } from '../helpers/long-recording.ts'
import { temporaryDirectory } from './fixtures.ts'

const STATEMENTS = 1200

function recorded() {
  const dataDir = temporaryDirectory()
  const id = recordLongSession(dataDir, STATEMENTS)
  const db = openRecordingsDatabase(recordingsFile(dataDir))
  const session = findSession(db, id)
  if (session === undefined) throw new Error('the session is not there')
  return { db, session }
}

test('the pages of an outline tell every statement once, with how it ended and nothing of its rows', () => {
  const { db, session } = recorded()
  const pages: Outline[] = []
  for (let after = 0; after < session.events; ) {
    const page = readOutline(db, session, after, () => false)
    expect(page.last).toBeGreaterThan(after)
    pages.push(page)
    after = page.last
  }
  expect(pages.length).toBeGreaterThan(4)
  const entries = pages.flatMap((page) => page.entries)
  const begun = entries.filter((entry) => entry.at !== undefined)
  expect(begun.map((entry) => entry.number)).toEqual(Array.from({ length: STATEMENTS }, (_, at) => at + 1))
  expect(entries.filter((entry) => entry.tag === 'SELECT 1')).toHaveLength(STATEMENTS - 2)
  expect(entries.filter((entry) => entry.effect === 'deny')).toHaveLength(2)
  expect(JSON.stringify(pages)).not.toContain('paid 7')
  expect(readOutline(db, session, session.events, () => false)).toMatchObject({ entries: [], last: session.events })
  db.close()
})

test('a session is proved in steps, and an event that was touched is named', () => {
  const { db, session } = recorded()
  const ring = keyRing(readKeys(db), undefined)
  const walk = new SessionVerifier(db, ring).walk(session, session.events)
  let steps = 0
  let step = walk.next()
  for (; step.done !== true; step = walk.next()) steps += 1
  expect(step.value).toBeUndefined()
  expect(steps).toBeGreaterThan(0)
  const { body } = db.prepare('SELECT body FROM objects WHERE kind = ? LIMIT 1').get('text') as { body: Buffer }
  db.prepare('UPDATE objects SET body = ? WHERE body = ?').run(Buffer.from('SELECT secret'), body)
  let touched = new SessionVerifier(db, ring).walk(session, session.events).next()
  while (touched.done !== true) touched = new SessionVerifier(db, ring).walk(session, session.events).next()
  expect(touched.value).toMatchObject({ seq: expect.any(Number), text: expect.stringContaining('was changed') })
  db.close()
})

test('activity counts what was judged, in stretches of time', () => {
  const { db, session } = recorded()
  const asked = { from: session.started_at, step: 3_600_000, to: session.started_at + 3 * 3_600_000, who: undefined }
  const { buckets } = readActivity(db, asked)
  expect(buckets).toHaveLength(3)
  expect(buckets.reduce((sum, bucket) => sum + bucket.statements, 0)).toBe(STATEMENTS)
  expect(buckets.reduce((sum, bucket) => sum + bucket.denied, 0)).toBe(2)
  const nobody = readActivity(db, { ...asked, who: { issuer: 'https://login.test', subject: 'someone else' } })
  expect(nobody.buckets.every((bucket) => bucket.statements === 0)).toBe(true)
  db.close()
})
