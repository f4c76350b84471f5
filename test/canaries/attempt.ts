import type { Value } from '../helpers/encode.ts'

/** One thing that is sent. A plain string is a simple Query. */
export type Step =
  | string
  | { readonly sql: string; readonly values?: readonly Value[]; readonly formats?: readonly number[] }
  /** Messages as they are, answered by that many ReadyForQuery. */
  | { readonly send: readonly Buffer[]; readonly ready: number }
  | { readonly copyIn: string; readonly data: readonly string[] }

/** One way of getting a value out. */
export interface Attempt {
  readonly group: string
  /** It leaves nothing behind in its session. */
  readonly shared: boolean
  readonly steps: readonly Step[]
}

/** Each statement by itself: as a simple Query, and over the extended protocol with binary results. */
export function singly(group: string, statements: readonly string[]): Attempt[] {
  return statements.flatMap((sql) => [
    { group, shared: true, steps: [sql] },
    { group, shared: true, steps: [{ sql, formats: [1] }] },
  ])
}

export function inOrder(group: string, scripts: readonly (readonly Step[])[]): Attempt[] {
  return scripts.map((steps) => ({ group, shared: false, steps }))
}
