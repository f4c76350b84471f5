import type { Policy } from '../verdict/policy.ts'
import { compilePatterns, type PatternSet } from './pattern-set.ts'

const compiled = new WeakMap<Policy, PatternSet>()

/** The policy's patterns, compiled once for each policy object. Throws `GatewayError` (`misconfigured`), as `compilePatterns` does. */
export function patternsOf(policy: Policy): PatternSet {
  let set = compiled.get(policy)
  if (set === undefined) {
    set = compilePatterns(policy.patterns, { key: policy.tokenKey, connection: policy.connection })
    compiled.set(policy, set)
  }
  return set
}
