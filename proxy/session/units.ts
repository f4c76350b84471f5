import { performance } from 'node:perf_hooks'
import type { SessionRecord } from '../ports.ts'
import type { Approved } from '../verdict/clearance.ts'
import type { JudgedHere, Unit } from './unit.ts'

/** A statement begins to run: it is in the record from here on, before anything of it goes upstream. */
export function beginUnit(
  record: SessionRecord,
  judged: JudgedHere,
  how: { readonly simple: boolean; readonly bind?: Buffer | undefined; readonly approved?: Approved | undefined; readonly number?: number },
): Unit {
  const number = how.number ?? record.statement(judged, how.bind)
  record.sent(number)
  return {
    judged,
    approved: how.approved,
    number,
    simple: how.simple,
    startedAt: performance.now(),
    rows: 0,
    bytes: 0,
    tag: '',
    sqlstate: undefined,
    finished: false,
    recording: true,
    place: 0,
    plan: undefined,
    copyMask: undefined,
    masked: new Set(),
    over: undefined,
    overTold: false,
    copyIn: false,
    copySample: undefined,
    copiedRows: 0,
    copiedBytes: 0,
    maskedBy: undefined,
    suspended: false,
  }
}

export function hasCopyIn(unit: Unit): boolean {
  return unit.judged.facts.some((facts) => facts.copy === 'in')
}

/** A SELECT, RETURNING, SHOW…: its rows need a description before they can be masked. */
export function returnsRows(unit: Unit): boolean {
  return unit.judged.facts.some((facts) => (facts.outputs !== undefined || facts.outputsFromName) && facts.copy === undefined)
}
