import type { Effect, Rule } from './policy.ts'

/** Why a verdict came out as it did: shown to the agent, the approver and in the recording. */
export interface Reason {
  /** Plain words: `ALTER TABLE is a schema change`. Never a value. */
  readonly what: string
  /** Byte offset in the text. */
  readonly offset: number
  readonly length: number
}

/** The answer of the policy to one string of SQL. Frozen and serialisable. */
export interface Verdict {
  readonly effect: Effect
  /** Undefined when no rule matched, which denies. */
  readonly rule: Rule | undefined
  readonly policyVersion: string
  /** What in the statement met the rule. */
  readonly because: readonly Reason[]
  /** Which statement of the string was the strictest, from 0. */
  readonly statement: number
  /** To an AI agent: what to do instead. */
  readonly hint: string
  /** Labels that the statement touches. */
  readonly labels: readonly string[]
}
