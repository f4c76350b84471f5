/** A session of any length in a data directory, as the gateway would have recorded it: reads in bursts, pauses, now and then a refusal. */
import { describeOne, fill, judged, openSession, recorderOn, rowOf, TEST_POLICY } from '../recordings/fixtures.ts'

const DENIED = {
  effect: 'deny',
  rule: undefined,
  policyVersion: TEST_POLICY,
  because: [],
  statement: 0,
  hint: 'Use a migration.',
  labels: [],
} as const
const START = 1_790_000_000_000
/** So many statements go to the journal at once. */
const BURST = 200

/** An allowed statement makes five events (statement, verdict, sent, rows, finished), every 500th a refusal of two. Returns the session's id. */
export function recordLongSession(dataDir: string, statements: number): string {
  let now = START
  const recorder = recorderOn(dataDir, { clock: { now: () => now }, segmentBytes: 64 * 1024 * 1024 })
  const session = openSession(recorder)
  for (let place = 1; place <= statements; place++) {
    now += place % 400 === 0 ? 90_000 : 15 + (place % 7) * 11
    if (place % 500 === 0) {
      session.statement(judged(`ALTER TABLE customers ADD COLUMN note_${place} text`, DENIED), undefined)
    } else {
      const number = session.statement(judged(`SELECT id, status FROM orders WHERE id = ${place}`), undefined)
      session.sent(number)
      now += 2 + (place % 5) * 3
      const frames = Buffer.concat([describeOne('status'), rowOf(`paid ${place}`)])
      session.response(number, frames, 0, frames.length)
      session.finished(number, { rows: 1, bytes: frames.length, ms: 2, sqlstate: undefined, tag: 'SELECT 1', masked: [] })
    }
    if (place % BURST === 0) recorder.commit()
  }
  session.closed('the client disconnected')
  recorder.commit()
  recorder.close()
  fill(dataDir, 8 << 20)
  return session.id
}
