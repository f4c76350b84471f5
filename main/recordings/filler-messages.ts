import type { RetentionRules } from './plan-retention.ts'

export interface FillerStart {
  readonly dataDir: string
  readonly journal: string
  /** PKCS #8, DER: signs the record's heads. */
  readonly signingKey: Uint8Array
  readonly retention: RetentionRules
}

export interface FillerReport {
  /** Sessions that something was added to. */
  readonly sessions: readonly string[]
  /** Bytes of the journal not yet in the database. */
  readonly behind: number
  readonly stuck: boolean
  readonly failure: string | undefined
  /** Why the last retention run could not be carried out. */
  readonly retentionFailure: string | undefined
  /** What was found missing or had to be made anew, as sentences. */
  readonly incidents: readonly string[]
  /** The database was replaced by another file: it has to be opened again. */
  readonly replaced: boolean
}
