import type { Rule } from '../../proxy/verdict/policy.ts'
import { shortHash } from '../policies/canonical.ts'

/** What a rule says, and where it stands among the others; not the line that it is written on. */
export function ruleHash(rule: Rule | undefined): string {
  return rule === undefined ? '' : shortHash({ ...rule, line: undefined })
}
