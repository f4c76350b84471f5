import { expect, test } from 'vitest'
import { killAgainAndAgain } from '../../helpers/kill-runs.ts'

test('killed at once under load, five times: what PostgreSQL saw is in the record, and the chain holds', { timeout: 180_000 }, async () => {
  const result = await killAgainAndAgain(
    5,
    (kill) => 60 + kill * 90,
    () => undefined,
  )
  expect(result.missing).toEqual([])
  expect(result.faults).toEqual([])
  expect(result.seen).toBeGreaterThan(20)
  expect(result.recorded).toBeGreaterThanOrEqual(result.seen)
})
