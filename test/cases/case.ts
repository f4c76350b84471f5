/**
 * A statement and what its facts must be. `verbs`: sorted, space-separated. The others are looked at only where given:
 * `shows`, `uses`: the sensitive columns (see SENSITIVE), as `table.column`. `writes`: relations written. `out`: the output columns, as
 * `name:from`. `unknown`: what could not be proved, in part.
 */
export interface Case {
  readonly sql: string
  readonly verbs: string
  readonly shows?: string
  readonly uses?: string
  readonly writes?: string
  readonly out?: string
  readonly unknown?: string
}

export const all = (verbs: string, ...statements: readonly string[]): Case[] => statements.map((sql) => ({ sql, verbs }))
