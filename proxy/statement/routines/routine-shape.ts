import type { FunctionInfo } from '../../catalog/catalog.ts'
import type { Collector } from '../collect.ts'
import type { Origin } from '../value.ts'

/** What a function of the team's own does when it runs, as far as its body tells. */
export interface RoutineShape {
  readonly facts: Collector
  /** An UPDATE or DELETE in it has no WHERE. */
  readonly withoutWhere: boolean
  /** Every column that it touches: what it returns may be made of any of them. */
  readonly sources: readonly Origin[]
  /** Why its body tells nothing, or not all: another language, a statement made at run time. Undefined: all of it was read. */
  readonly unread: string | undefined
}

export type RoutineOf = (fn: FunctionInfo) => RoutineShape
