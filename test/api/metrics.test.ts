import { expect, test } from 'vitest'
import { createMetrics } from '../../main/metrics/create-metrics.ts'
import { apiFixture } from './fixture.ts'

const counts = { sessions: 3, allow: 5, ask: 2, deny: 1, rows: 40, bytes: 900, errors: 1 }

test('what passes is counted by connection and verdict, and reading twice counts nothing twice', async () => {
  const metrics = createMetrics({
    version: '1.2.3',
    counts: () => new Map([['shop', counts]]),
    live: () => [{ connection: 'shop' }],
    pending: () => 4,
    recordings: () => ({ writing: true, trouble: [], incidents: [], journalBytes: 10, behindBytes: 7, slowestWriteMs: 3 }),
    notify: () => ({ waiting: 2, failed: 1 }),
    siem: () => undefined,
  })
  metrics.decided('approved', 12)
  metrics.loginRefused('upstream-unavailable')
  await metrics.read()
  const { text, contentType } = await metrics.read()
  expect(contentType).toContain('text/plain')
  for (const line of [
    'sallyport_statements_total{connection="shop",verdict="allow"} 5',
    'sallyport_statements_total{connection="shop",verdict="deny"} 1',
    'sallyport_sessions{connection="shop"} 1',
    'sallyport_held 4',
    'sallyport_rows_total{connection="shop"} 40',
    'sallyport_decision_seconds_bucket{le="15",outcome="approved"} 1',
    'sallyport_logins_refused_total{code="upstream-unavailable"} 1',
    'sallyport_recorder_behind_bytes 7',
    'sallyport_notifications{state="failed"} 1',
    'sallyport_build_info{version="1.2.3"} 1',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('metrics need this machine itself, or the token', async () => {
  const api = apiFixture()
  // Called without a socket: from nowhere.
  expect((await api.call(undefined, 'GET', '/metrics')).status).toBe(401)
  expect((await api.call('admin', 'GET', '/metrics')).status).toBe(401)
})
