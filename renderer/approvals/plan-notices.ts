import type { Approval } from '../../main/contract/index.ts'
import { durationWords } from '../ui/time/words.ts'

/** A notification of the browser's: no SQL, no values, no agent's words. */
export interface Notice {
  readonly id: number
  readonly title: string
  readonly body: string
}

/** What to say and what to take back, when the requests that wait for this person change. `told`: those that were spoken of. */
export function planNotices(
  told: ReadonlySet<number>,
  waiting: readonly Approval[],
  { looking, now }: { readonly looking: boolean; readonly now: number },
): { readonly say: readonly Notice[]; readonly close: readonly number[] } {
  const open = waiting.filter((approval) => approval.mayDecide && approval.waiting)
  const ids = new Set(open.map((approval) => approval.id))
  const fresh = open.filter((approval) => !told.has(approval.id))
  return {
    say: looking ? [] : fresh.map((approval) => noticeOf(approval, now)),
    close: [...told].filter((id) => !ids.has(id)),
  }
}

function noticeOf({ id, sentence, requester, client, connection, waitUntil }: Approval, now: number): Notice {
  const agent = client && client !== requester.name ? ` with ${client}` : ''
  return { id, title: sentence, body: `${requester.name}${agent} on ${connection}, ${durationWords(Math.max(1000, waitUntil - now))} left` }
}
