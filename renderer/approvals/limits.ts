import type { Approval, DecisionRequest } from '../../main/contract/index.ts'
import { countWords, nounWords } from '../ui/words.ts'

/** What a person grants beyond a plain yes. Fields hold what was typed. */
export interface Limits {
  readonly rows: string
  readonly runs: 'once' | 'times' | 'minutes'
  readonly times: string
  readonly minutes: string
  readonly reveal: readonly string[]
  readonly reason: string
}

export const firstLimits = (ceiling: number | null): Limits => ({
  rows: ceiling === null ? '' : String(ceiling),
  runs: 'once',
  times: '5',
  minutes: '15',
  reveal: [],
  reason: '',
})

type Grant = Pick<DecisionRequest, 'maxRows' | 'times' | 'forMinutes' | 'reveal' | 'revealLabels' | 'reason'>

/** The grant that the fields describe, or what is wrong with which of them, for a person to read. */
export function readLimits(
  limits: Limits,
  { maxRows, standingLimits, revealable }: Pick<Approval, 'maxRows' | 'standingLimits' | 'revealable'>,
): { readonly grant: Grant } | { readonly field: keyof Limits; readonly problem: string } {
  const grant: { -readonly [Key in keyof Grant]: Grant[Key] } = { reason: limits.reason.trim() }
  if (limits.rows.trim() !== '') {
    const rows = wholeNumber(limits.rows)
    if (rows === undefined) return { field: 'rows', problem: 'Rows at most has to be a whole number from 1.' }
    if (maxRows !== null && rows > maxRows) return { field: 'rows', problem: `The rule allows ${nounWords(maxRows, 'row')} at most.` }
    if (rows !== maxRows) grant.maxRows = rows
  } else if (maxRows !== null) return { field: 'rows', problem: `Say how many rows: the rule allows ${countWords(maxRows)} at most.` }
  if (limits.runs === 'times') {
    const times = wholeNumber(limits.times)
    const most = standingLimits?.times ?? 1
    if (times === undefined || times > most) return { field: 'times', problem: `It may run 1 to ${countWords(most)} times.` }
    grant.times = times
  }
  if (limits.runs === 'minutes') {
    const minutes = wholeNumber(limits.minutes)
    const most = standingLimits?.minutes ?? 1
    if (minutes === undefined || minutes > most) return { field: 'minutes', problem: `It may stand for 1 to ${countWords(most)} minutes.` }
    grant.forMinutes = minutes
  }
  if (limits.reveal.length > 0) {
    if (grant.reason === '') return { field: 'reason', problem: 'Say why the values may be shown: a reason is recorded with every reveal.' }
    if (limits.runs !== 'once') return { field: 'reveal', problem: 'Values can be shown once only: let it run once.' }
    grant.reveal = true
    if (limits.reveal.length < revealable.length) grant.revealLabels = [...limits.reveal]
  }
  return { grant }
}

/** `Approve once, 12 rows at most`, `Approve 5 times`, `Approve for 15 min, pii shown`. */
export function grantWords(limits: Limits): string {
  const runs = limits.runs === 'once' ? 'once' : limits.runs === 'times' ? `${limits.times} times` : `for ${limits.minutes} min`
  const rows = wholeNumber(limits.rows)
  return [
    `Approve ${runs}`,
    rows === undefined ? '' : `${nounWords(rows, 'row')} at most`,
    limits.reveal.length > 0 ? `${limits.reveal.join(', ')} shown` : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

function wholeNumber(text: string): number | undefined {
  const digits = text.trim()
  if (!/^[0-9]{1,12}$/.test(digits)) return undefined
  const value = Number(digits)
  return value >= 1 ? value : undefined
}
