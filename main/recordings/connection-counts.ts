/** What has passed on one connection since the host started. Plain numbers, counted where statements are recorded. */
export interface ConnectionCounts {
  sessions: number
  allow: number
  ask: number
  deny: number
  rows: number
  bytes: number
  /** Statements that ended with an error of the server. */
  errors: number
}

export const noCounts = (): ConnectionCounts => ({ sessions: 0, allow: 0, ask: 0, deny: 0, rows: 0, bytes: 0, errors: 0 })
