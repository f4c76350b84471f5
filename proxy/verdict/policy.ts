/**
 * A compiled policy: what `main/policies` makes of the configuration, frozen, for one connection.
 * Its object identity is its version: verdicts and mask plans are kept by it.
 */
import type { Verb } from '../statement/facts.ts'

export type Effect = 'allow' | 'ask' | 'deny'

/** One rule. Every condition given must hold; a rule without conditions matches every statement. */
export interface Rule {
  /** `agents-on-shop/3`: policy and place, from 1. */
  readonly id: string
  readonly policy: string
  readonly place: number
  /** Line in the configuration, 1-based, for `explain`. */
  readonly line: number | undefined
  readonly effect: Effect
  /** Every verb of the statement must be among these. For `deny` and `ask`, one suffices. */
  readonly statements: readonly Verb[] | undefined
  /** `schema.table` patterns with `*`. For `allow`: every relation must match; for `ask` and `deny`: one suffices. */
  readonly tables: readonly string[] | undefined
  readonly touches: readonly string[] | undefined
  readonly shows: readonly string[] | undefined
  readonly uses: readonly string[] | undefined
  readonly without: 'where' | undefined
  /** Function name patterns, as for `tables`. */
  readonly functions: readonly string[] | undefined
  /** Local hours of the host, `[from, to)` in minutes since midnight, when the rule holds. */
  readonly hours: { readonly fromMinute: number; readonly toMinute: number; readonly days: readonly number[] | undefined } | undefined
  /** Groups that may decide. */
  readonly approvers: readonly string[]
  readonly waitMs: number
  /** A decision must be signed with the approver's passkey. */
  readonly passkey?: true | undefined
  /** So many people have to agree; undefined: one. */
  readonly approvals?: number | undefined
  /** Holds only when the session has read a table with outsiders' text before. */
  readonly afterUntrusted?: true | undefined
  /** An approved statement that touches more rows is rolled back. */
  readonly maxRows: number | undefined
  /** To the agent, when denied. */
  readonly message: string | undefined
  /** To the approver and the agent, when asked. */
  readonly reason: string | undefined
}

export interface PolicyGroup {
  readonly name: string
  readonly groups: readonly string[]
  readonly rules: readonly Rule[]
}

export type MaskForm = 'redact' | 'partial' | 'null' | 'token'

/** A labelled set of columns: `public.customers.ssn`, patterns with `*` allowed in each part. */
export interface SensitiveLabel {
  readonly label: string
  readonly mask: MaskForm
  readonly columns: readonly string[]
  /** With `token`: who was shown a token may compare the column with it. */
  readonly predicates?: true
}

/** A pattern over any text that passes. Built in by name (`credit_card`, `ssn`, `api_key`…), or the team's own with `regex` (RE2 syntax). */
export interface TextPattern {
  readonly name: string
  readonly mask: MaskForm
  readonly regex: string | undefined
}

/** A label that went with a value, or stayed with a column, where no pattern of the policy names it. It is a label of `sensitive` by that name. */
export interface FollowedLabel {
  readonly label: string
  /** False: the values there are computed from what had the label. */
  readonly plain: boolean
  /** `pg_class.oid`; 0: not known yet, then it goes by `schema` and `name`. */
  readonly oid: number
  /** 0: by `column`, of which `*` is all. */
  readonly attnum: number
  /** Undefined: any. */
  readonly schema: string | undefined
  readonly name: string
  readonly column: string
}

export interface Policy {
  readonly version: string
  readonly connection: string
  /** Only those for this connection, in order. First rule that matches a person's groups decides. */
  readonly policies: readonly PolicyGroup[]
  readonly sensitive: readonly SensitiveLabel[]
  /** `schema.table`: text that outsiders wrote. */
  readonly untrusted: readonly string[]
  readonly patterns: readonly TextPattern[]
  /** The team's own functions that an admin vouched for: `schema.name(argument types)` with the SHA-256 (hex) of their source. */
  readonly vouched: readonly { readonly function: string; readonly source: string }[]
  /** Undefined: none. */
  readonly followed?: readonly FollowedLabel[]
  /** Keys the `token` form: 32 bytes. */
  readonly tokenKey: Buffer
}
