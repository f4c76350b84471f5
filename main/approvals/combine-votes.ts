import { z } from 'zod'
import type { VoteRow } from '../store/votes-table.ts'

/** What several people agreed to: what each of them gave, and no more. */
export interface Agreement {
  readonly reveal: boolean
  /** With `reveal`; null: all labels of the statement. */
  readonly revealLabels: readonly string[] | null
  readonly maxRows: number | null
  /** Given in advance, by all of them. */
  readonly standing: { readonly times: number | null; readonly minutes: number | null } | undefined
}

const labelList = z.array(z.string())

export function combineVotes(votes: readonly VoteRow[]): Agreement {
  const labels = commonLabels(votes)
  const inAdvance = votes.every((vote) => vote.times !== null || vote.minutes !== null)
  return {
    reveal: votes.every((vote) => vote.reveal === 1) && (labels === null || labels.length > 0),
    revealLabels: labels,
    maxRows: least(votes.map((vote) => vote.max_rows)),
    standing: inAdvance ? { times: least(votes.map((vote) => vote.times)), minutes: least(votes.map((vote) => vote.minutes)) } : undefined,
  }
}

function commonLabels(votes: readonly VoteRow[]): readonly string[] | null {
  let common: readonly string[] | null = null
  for (const { reveal_labels } of votes) {
    if (reveal_labels === null) continue
    const given = labelList.parse(JSON.parse(reveal_labels))
    common = common === null ? given : common.filter((label) => given.includes(label))
  }
  return common
}

function least(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null)
  return given.length === 0 ? null : Math.min(...given)
}
