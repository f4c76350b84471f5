import type { BudgetLeft } from '../../proxy/session/budget.ts'
import type { QueryOutput } from '../contract/mcp.ts'

/** What is left of an hour's budget, as the tools tell it. */
export function describeBudget(left: readonly BudgetLeft[]): QueryOutput['budget'] {
  return left.map(({ kind, limit, left: remaining, moreAt }) => ({
    kind,
    limit,
    left: remaining,
    moreAt: moreAt === undefined ? null : new Date(moreAt).toISOString(),
  }))
}
