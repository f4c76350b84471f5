import type { PolicyRule } from '../../../main/contract/index.ts'
import type { RuleSource } from './read-draft.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** The host's own, where a rule names none. */
export const DEFAULT_WAIT = '10m'
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** `10m` → 600000 milliseconds; undefined when the host would not take it. */
export function durationOf(text: string): number | undefined {
  const match = /^([0-9]{1,12})(ms|s|m|h|d)$/.exec(text.trim())
  const value = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN)
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** `mon-fri 09:00-17:30`; undefined when the host would not take it. */
export function hoursOf(text: string): NonNullable<PolicyRule['hours']> | undefined {
  const match = /^(?:([a-z,-]+) )?([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])$/.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const fromMinute = Number(match[2]) * 60 + Number(match[3])
  const toMinute = Number(match[4]) * 60 + Number(match[5])
  const days = match[1] === undefined ? null : daysOf(match[1])
  return days !== undefined && fromMinute < toMinute && toMinute <= 1440 ? { fromMinute, toMinute, days } : undefined
}

function daysOf(text: string): number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first = -1, last = first, ...rest] = part.split('-').map((day) => DAYS.indexOf(day))
    if (first < 0 || last < 0 || rest.length > 0) return undefined
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === last) break
    }
  }
  return [...days].sort()
}

/** A rule of the file in the shape in which the host tells of it, so that it is worded alike. `place` from 0; `deciders`: who decides where it names none. */
export function ruleOfSource(source: RuleSource, policy: string, place: number, deciders: readonly string[] = []): PolicyRule {
  const asks = source.effect === 'ask'
  return {
    id: `${policy}/${place + 1}`,
    place: place + 1,
    effect: source.effect,
    sentence: '',
    statements: source.statements ?? null,
    tables: source.tables ?? null,
    touches: source.touches ?? null,
    shows: source.shows ?? null,
    uses: source.uses ?? null,
    without: source.without ?? null,
    functions: source.functions ?? null,
    afterUntrusted: source.afterUntrusted === true,
    hours: source.hours === undefined ? null : (hoursOf(source.hours) ?? null),
    approvers: asks ? (source.approvers ?? [...deciders]) : [],
    waitMs: durationOf(source.wait ?? DEFAULT_WAIT) ?? 0,
    approvals: source.approvals ?? 1,
    passkey: source.passkey === true,
    maxRows: source.maxRows ?? null,
    message: source.message ?? null,
    reason: source.reason ?? null,
    line: null,
  }
}
