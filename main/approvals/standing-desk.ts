import type { Policies } from '../../proxy/ports.ts'
import type { Person } from '../contract/people.ts'
import type { StandingRow } from '../store/standing-table.ts'
import { personJson } from './approval-detail.ts'
import { decidable } from './decidable.ts'
import type { DeciderNow, DecideTables } from './decide-approval.ts'
import type { Decider } from './decider.ts'
import { refuseDecider } from './may-decide.ts'
import { ruleHash } from './rule-hash.ts'
import { whyOver } from './standing.ts'

/** Approvals that were given in advance. */
export interface StandingDesk {
  /** Lets a request that has just been stored pass, if something stands for it. Inside the caller's transaction. */
  pass(id: number, key: string, rule: string, now: number, openUntil: number): void
  read(id: number): StandingRow | undefined
  list(filter: { connection: string | undefined; ended: boolean; after: number; limit: number }): StandingRow[]
  /** Ends it; what it let pass and has not run yet does not run. False: it had ended before. */
  revoke(id: number, by: Person, why: string): boolean
  /** Ends those that stand no more: their time, their rule, or the role of who gave them is gone. */
  sweep(): void
  /** Why this person may not revoke it; undefined when they may. */
  refuseRevoking(row: StandingRow, who: Decider): string | undefined
  /** Who gave it. */
  givers(row: StandingRow): Person[]
  /** The last uses, newest first. */
  uses(id: number): { readonly use: number; readonly approval: number; readonly at: number }[]
}

export interface StandingDeskOptions {
  readonly tables: DecideTables
  readonly policies: Policies
  readonly now: () => number
  readonly recentSignInMs: () => number
  readonly deciderNow: DeciderNow
  readonly changed: (approval: number) => void
}

export function createStandingDesk(options: StandingDeskOptions): StandingDesk {
  const { tables, policies } = options
  const { approvals, standing, votes } = tables

  const end = (row: StandingRow, why: string, by: string | null): number[] =>
    standing.end(row.id, options.now(), why, by) ? [row.approval, ...approvals.stop(row.id)] : []

  /** Why it stands no more by what is stored and in force now. */
  const whyEnded = (row: StandingRow, now: number): string | undefined => {
    const over = whyOver(row, now)
    if (over !== undefined) return over
    const rules = policies.current(row.connection).policies.flatMap((group) => group.rules)
    if (!rules.some((rule) => ruleHash(rule) === row.rule)) return 'The rule that asked was changed.'
    const request = approvals.read(row.approval)
    if (request === undefined) return 'The request that it was given on is gone.'
    for (const vote of votes.of(row.approval)) {
      const person = personJson.parse(JSON.parse(vote.person))
      const giver = options.deciderNow({ ...person, groups: JSON.parse(vote.groups) })
      const may =
        giver !== undefined && refuseDecider(decidable(request), { ...giver, signInAt: now }, now, options.recentSignInMs()) === undefined
      if (!may) return `${person.name}, who gave it, may no longer decide such requests.`
    }
    return undefined
  }

  return {
    pass(id, key, rule, now, openUntil) {
      const row = standing.find(key)
      if (row === undefined) return
      const why = row.rule === rule ? whyEnded(row, now) : 'The rule that asked was changed.'
      if (why !== undefined) {
        end(row, why, null)
        return
      }
      const given = approvals.read(row.approval)
      if (given === undefined || given.decided_by === null) return
      const { decided_by: decidedBy } = given
      const { reason, max_rows: maxRows } = row
      approvals.pass({
        id,
        standing: row.id,
        use: standing.use(row.id),
        decidedAt: now,
        decidedBy,
        reason,
        maxRows,
        openUntil: Math.min(openUntil, row.until),
      })
      const used = standing.read(row.id)
      if (used !== undefined && used.times !== null && used.used >= used.times)
        standing.end(row.id, now, 'It was used as often as it was given.', null)
    },
    read: (id) => standing.read(id),
    list: (filter) => standing.list(filter),
    revoke(id, by, why) {
      const ended = approvals.transact(() => {
        const row = standing.read(id)
        return row === undefined ? [] : end(row, why, JSON.stringify(by))
      })
      ended.forEach(options.changed)
      return ended.length > 0
    },
    sweep() {
      const now = options.now()
      const ended = approvals.transact(() =>
        standing.open().flatMap((row) => {
          const why = whyEnded(row, now)
          return why === undefined ? [] : end(row, why, null)
        }),
      )
      ended.forEach(options.changed)
    },
    refuseRevoking(row, who) {
      if (who.kind === 'agent') return 'An agent cannot revoke what people gave.'
      if (who.roles.includes('admin')) return undefined
      const request = approvals.read(row.approval)
      const now = options.now()
      const refusal =
        request === undefined
          ? { text: 'The request that it was given on is gone.' }
          : refuseDecider(decidable(request), { ...who, signInAt: now }, now, options.recentSignInMs())
      return refusal?.text
    },
    uses: (id) => standing.uses(id).map((one) => ({ use: one.standing_use, approval: one.id, at: one.asked_at })),
    givers: (row) => votes.of(row.approval).map((vote) => personJson.parse(JSON.parse(vote.person))),
  }
}
