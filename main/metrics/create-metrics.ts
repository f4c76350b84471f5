import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ConnectionCounts } from '../recordings/connection-counts.ts'
import type { RecordingsState } from '../recordings/open-recordings.ts'

export interface MetricSources {
  readonly version: string
  readonly counts: () => ReadonlyMap<string, Readonly<ConnectionCounts>>
  /** The connection of each session that runs now. */
  readonly live: () => readonly { readonly connection: string }[]
  readonly pending: () => number
  readonly recordings: () => RecordingsState
  readonly notify: () => { readonly waiting: number; readonly failed: number }
  readonly siem: () => { readonly behindEvents: number; readonly lagMs: number } | undefined
}

export interface Metrics {
  /** What Prometheus reads, and its content type. */
  read(): Promise<{ readonly text: string; readonly contentType: string }>
  decided(outcome: 'approved' | 'denied', seconds: number): void
  /** `code`: of the `GatewayError`. */
  loginRefused(code: string): void
}

/**
 * Metrics for Prometheus. Labels are names from the configuration and words of ours: nothing that a client chooses, so their number is bounded. What is
 * known elsewhere is read when it is asked for; the data path only counts.
 */
export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry()
  const registers = [register]
  const decisions = new Histogram({
    name: 'sallyport_decision_seconds',
    help: 'From the request to the decision of a person.',
    labelNames: ['outcome'],
    buckets: [5, 15, 30, 60, 120, 300, 600, 1800, 3600],
    registers,
  })
  const refusedLogins = new Counter({
    name: 'sallyport_logins_refused_total',
    help: 'Log-ins that came to nothing, by the reason; upstream-unavailable and upstream-refused are the database’s.',
    labelNames: ['code'],
    registers,
  })
  addCounts(registers, sources.counts)
  gauge('sallyport_sessions', 'Sessions that run now.', ['connection'], (set) => {
    const live = new Map<string, number>()
    for (const connection of sources.counts().keys()) live.set(connection, 0)
    for (const { connection } of sources.live()) live.set(connection, (live.get(connection) ?? 0) + 1)
    for (const [connection, count] of live) set(count, { connection })
  })
  gauge('sallyport_held', 'Requests that wait for a decision now.', [], (set) => set(sources.pending()))
  gauge('sallyport_recorder_writing', '1 while the record can be written; at 0 no statement passes.', [], (set) =>
    set(sources.recordings().writing ? 1 : 0),
  )
  gauge('sallyport_recorder_behind_bytes', 'How far search and replay are behind the record.', [], (set) =>
    set(sources.recordings().behindBytes),
  )
  gauge('sallyport_recorder_slowest_write_seconds', 'The slowest write of the last minute.', [], (set) =>
    set(sources.recordings().slowestWriteMs / 1000),
  )
  gauge('sallyport_journal_bytes', 'Written to the journal since the host started.', [], (set) => set(sources.recordings().journalBytes))
  gauge('sallyport_notifications', 'Notifications that wait, and that were given up.', ['state'], (set) => {
    const { waiting, failed } = sources.notify()
    set(waiting, { state: 'waiting' })
    set(failed, { state: 'failed' })
  })
  gauge('sallyport_siem_behind_events', 'Events that the SIEM has not taken yet.', [], (set) => {
    const siem = sources.siem()
    if (siem !== undefined) set(siem.behindEvents)
  })
  gauge('sallyport_build_info', 'The version that runs.', ['version'], (set) => set(1, { version: sources.version }))
  let first = true
  return {
    read: async () => {
      // The event loop's lag, memory and the rest of the process: measured from the first time that somebody asks.
      if (first) collectDefaultMetrics({ register })
      first = false
      return { text: await register.metrics(), contentType: register.contentType }
    },
    decided: (outcome, seconds) => decisions.observe({ outcome }, Math.max(0, seconds)),
    loginRefused: (code) => refusedLogins.inc({ code }),
  }

  function gauge(
    name: string,
    help: string,
    labelNames: string[],
    collect: (set: (value: number, labels?: Record<string, string>) => void) => void,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        collect((value, labels) => (labels === undefined ? this.set(value) : this.set(labels, value)))
      },
    })
  }
}

function addCounts(registers: Registry[], counts: MetricSources['counts']): void {
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    each: (one: Readonly<ConnectionCounts>) => readonly (readonly [number, Record<string, string>])[],
  ): void => {
    new Counter({
      name,
      help,
      labelNames: ['connection', ...labelNames],
      registers,
      collect() {
        this.reset()
        for (const [connection, one] of counts()) for (const [value, labels] of each(one)) this.inc({ connection, ...labels }, value)
      },
    })
  }
  counter('sallyport_statements_total', 'Statements by verdict.', ['verdict'], ({ allow, ask, deny }) => [
    [allow, { verdict: 'allow' }],
    [ask, { verdict: 'ask' }],
    [deny, { verdict: 'deny' }],
  ])
  counter('sallyport_sessions_total', 'Sessions that were opened.', [], ({ sessions }) => [[sessions, {}]])
  counter('sallyport_rows_total', 'Rows that were answered.', [], ({ rows }) => [[rows, {}]])
  counter('sallyport_result_bytes_total', 'Bytes of answers.', [], ({ bytes }) => [[bytes, {}]])
  counter('sallyport_statement_errors_total', 'Statements that ended with an error of the server.', [], ({ errors }) => [[errors, {}]])
}
