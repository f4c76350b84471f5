import type { Clock, Log } from '../../proxy/ports.ts'

/** So long the pages and `health` say what happened; the log keeps it. */
const SAID_MS = 3_600_000

/** What happened to the record and was got over: files that were removed, a database that was made anew. */
export interface Incidents {
  readonly add: (sentence: string) => void
  /** Of the last hour, oldest first. */
  recent(): readonly string[]
}

export function createIncidents(clock: Clock, log: Log): Incidents {
  let kept: { readonly at: number; readonly sentence: string }[] = []
  return {
    add: (sentence) => {
      log.error('record-incident', { what: sentence })
      kept = [...kept.slice(-9), { at: clock.now(), sentence }]
    },
    recent: () => kept.filter(({ at }) => clock.now() - at < SAID_MS).map(({ sentence }) => sentence),
  }
}
