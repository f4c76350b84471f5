import type { Db } from '../store/open-database.ts'
import type { RetentionRules } from './plan-retention.ts'
import { carryOutRetention, readRetentionPlan } from './retention.ts'
import type { SigningKey } from './signing-key.ts'

/** Pages given back to the file system in one step: a few milliseconds. */
const VACUUM_PAGES = 500

/** Removes what is due and gives the space back, in small steps: between any two of them the caller can go on filling. */
export function* keepHouse(db: Db, directory: string, rules: RetentionRules, key: SigningKey, now: number): Generator<void> {
  const plan = readRetentionPlan(db, directory, rules, now)
  if (plan === undefined) return
  yield* carryOutRetention(db, directory, plan, key, now)
  const free = (): number => Number(db.pragma('freelist_count', { simple: true }))
  for (let before = free(); before > 0; ) {
    db.pragma(`incremental_vacuum(${VACUUM_PAGES})`)
    const after = free()
    // A database of before this was set keeps its pages, and fills them again.
    if (after >= before) return
    before = after
    yield
  }
}
