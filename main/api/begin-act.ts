import type { Audit } from '../audit/audit.ts'
import type { ActDetails } from '../contract/audit.ts'
import type { Calls } from '../contract/calls.ts'
import { actOf } from './acts.ts'
import { ApiProblem } from './api-problem.ts'
import type { Caller } from './caller.ts'

interface BegunAct {
  note(details: ActDetails): void
  /** Does it, and records what became of it before the answer goes. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * The frame of a call that is an administrative act: none begins while the record cannot be written, and each is in it before it is answered. What
 * was only misunderstood (400, 404) did nothing and is not recorded; what was not allowed is. A caller who is nobody leaves no trace: else
 * anyone could fill the record.
 */
export function beginAct(audit: Audit, call: keyof Calls, caller: Caller | undefined, params: Readonly<Record<string, string>>): BegunAct {
  const act = actOf(call)
  if (act === null || act === 'itself' || caller === undefined) return { note: () => undefined, run: (work) => work() }
  let details: ActDetails = { ...params }
  return {
    note: (more) => {
      details = { ...details, ...more }
    },
    run: async (work) => {
      audit.ready()
      try {
        const result = await work()
        audit.record(caller, act, details)
        return result
      } catch (cause) {
        const status = cause instanceof ApiProblem ? cause.status : 500
        const outcome = status >= 500 ? 'failed' : status === 403 || status === 409 ? 'refused' : undefined
        if (outcome !== undefined) audit.record(caller, act, { ...details, status }, outcome)
        throw cause
      }
    },
  }
}
