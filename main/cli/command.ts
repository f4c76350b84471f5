import type { ParseArgsOptionsConfig } from 'node:util'

/** What a command reads and writes: the process's own, or a test's. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  out(text: string): void
  err(text: string): void
  /** Aborts at SIGINT or SIGTERM; once a command has asked for it, the process no longer ends by itself. */
  stopped(): AbortSignal
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>

/** One command of the table. `run` gives the exit code: 0 done, 1 failed, 2 used wrongly or not available. */
export interface Command {
  readonly summary: string
  /** What stands behind `sallyport NAME`. */
  readonly usage: string
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  readonly positionals: { readonly min: number; readonly max: number }
  /** Options that must be given. */
  readonly required: readonly string[]
  run(values: OptionValues, positionals: readonly string[], terminal: Terminal): Promise<number>
}

/** Thrown for a wrong use: the message, then the usage, exit code 2. */
export class UsageError extends Error {}

/** A text option that `required` guarantees. */
export function textOption(values: OptionValues, name: string): string {
  const value = values[name]
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} needs a value`)
  return value
}
