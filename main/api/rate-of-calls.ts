import type { Calls } from '../contract/calls.ts'
import type { RateLimit } from './rate-limits.ts'

/** Calls with a limit of their own, besides the one on all calls of one identity. */
const RATE_OF: Readonly<Partial<Record<keyof Calls, RateLimit>>> = {
  decide: 'decision',
  whatIf: 'heavy',
  previewMasking: 'heavy',
  unprotected: 'heavy',
  testConnection: 'heavy',
  testDraftConnection: 'heavy',
  runRetention: 'heavy',
}

export const rateOf = (call: keyof Calls): RateLimit | undefined => RATE_OF[call]
