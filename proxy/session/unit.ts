import type { Catalog } from '../catalog/catalog.ts'
import type { GatewayError } from '../errors.ts'
import type { CopyMask } from '../mask/copy.ts'
import type { MaskPlan } from '../mask/plan.ts'
import type { Judged } from '../ports.ts'
import type { Expectation } from '../reply/expected.ts'
import type { Moved } from '../statement/alike.ts'
import type { StatementFacts } from '../statement/facts.ts'
import type { Approved } from '../verdict/clearance.ts'
import type { Policy } from '../verdict/policy.ts'
import type { RowField } from '../wire/row-description.ts'
import type { CopySample } from './copy-sample.ts'
import type { Substitution } from './find-tokens.ts'
import type { NameChange } from './names.ts'
import type { Positions } from './put-back.ts'

/** A statement as judged here and now: the same object while text, catalog and policy are the same. */
export interface JudgedHere extends Judged {
  /** Its verdict holds for tokens that were shown: these take their places before it is sent. */
  readonly substitution?: Substitution | undefined
  readonly policy: Policy
  readonly catalog: Catalog
  /** The session had read outsiders' text by then. */
  readonly untrusted?: boolean
}

/** What a prepared statement's name stands for, once the server has confirmed it. */
export interface Prepared {
  readonly text: Buffer
  /** It was made by SQL's PREPARE or DECLARE inside `text`. */
  readonly within: { readonly kind: 'prepare' | 'declare'; readonly name: string } | undefined
  /** For the catalog in `catalog`; asked again when that has changed. */
  facts: readonly StatementFacts[]
  /** As in `Judged`. */
  moved: Moved | undefined
  catalog: Catalog
  /** As the server described it; null: it returns no rows; undefined: nobody has asked yet. */
  fields: readonly RowField[] | null | undefined
  /** The RowDescription's bytes that `fields` were read from. */
  described: Buffer | undefined
  /** A Describe is under way in this batch; if it fails, all behind it in the batch is skipped too. */
  describing: number | undefined
  /** Type OIDs that the client fixed in Parse: they decide what the text means, and what Bind runs. */
  readonly declared: readonly number[]
  /** Its strings that were sent as parameters, since they are tokens: where each begins in `text`. */
  readonly lifted?: readonly number[] | undefined
  readonly positions?: Positions | undefined
  /** From ParameterDescription, for the approver's page. */
  parameterTypes: readonly number[]
}

/** A mask plan, with what it was made from besides the verdict that it is kept by. */
export interface Shape {
  readonly policy: Policy
  readonly fields: readonly RowField[]
  readonly formats: readonly (0 | 1)[]
  readonly plan: MaskPlan
  /** RowDescription with the formats that were bound. */
  readonly frame: Buffer
}

/** What a portal's or cursor's name stands for. */
export interface Portal {
  readonly prepared: Prepared
  unit: Unit
  /** As in Bind: none, one for all, or one a column. */
  readonly formats: readonly (0 | 1)[]
  /** Survives the end of the transaction. */
  readonly hold: boolean
  /** Bind's body as it came, where tokens in it or in the text gave way to what they stand for. */
  readonly bound?: Buffer | undefined
}

/** One statement under way: a simple Query, or a portal. */
export interface Unit {
  /** Came as a Query: its ReadyForQuery ends it. */
  readonly simple: boolean
  readonly judged: JudgedHere
  readonly approved: Approved | undefined
  /** Its number in the session's record. */
  readonly number: number
  startedAt: number
  rows: number
  bytes: number
  tag: string
  sqlstate: string | undefined
  finished: boolean
  /** The recorder wants more of the response. */
  recording: boolean
  /** Which statement of the string the server is at. */
  place: number
  plan: MaskPlan | undefined
  copyMask: CopyMask | undefined
  /** Labels and patterns that were masked, by name. */
  readonly masked: Set<string>
  /** The version of the policy by which its first rows were masked. */
  maskedBy: string | undefined
  /** It went over a limit: what the client is told in place of the rest. */
  over: GatewayError | undefined
  overTold: boolean
  /** The server waits for the data of COPY FROM STDIN. */
  copyIn: boolean
  copySample: CopySample | undefined
  /** What the client sent by COPY: no limit of results is for it. */
  copiedRows: number
  copiedBytes: number
  /** The last Execute gave as many rows as it was asked for, and there may be more. */
  suspended: boolean
}

/** Takes what a query of ours brings. */
export interface OwnQuery {
  /** One DataRow at `buf[from, to)`, valid during the call. */
  row(buf: Buffer, from: number, to: number): void
  failed(sqlstate: string): void
}

/** A reply that the server owes, with what it means here. */
export interface Owed extends Expectation {
  /** Which replies the client sees: all, none (we asked), or only rows' descriptions (a Query that we sent as an extended unit). */
  readonly show: 'all' | 'none' | 'description'
  readonly batch: number
  readonly unit?: Unit
  readonly prepared?: Prepared
  readonly portal?: Portal
  /** The text that was sent has other places than the client's. */
  readonly positions?: Positions | undefined
  /** In order of the statements of the string; one list each. */
  readonly changes?: readonly (readonly NameChange[])[]
  /** A query of ours: its rows and its failure are not the client's. */
  readonly own?: OwnQuery
  /** What replaces the error of our own abort. */
  readonly refusal?: GatewayError
}
