import type { Policy, PolicyGroup, Rule } from '../../proxy/verdict/policy.ts'
import { deepFreeze } from '../config/freeze.ts'
import type { Config, PolicyConfig, RuleConfig } from '../config.ts'
import { canonical, shortHash } from './canonical.ts'

function compileRule(policy: string, rule: RuleConfig, index: number): Rule {
  return { ...rule, id: `${policy}/${index + 1}`, policy, place: index + 1 }
}

function compileGroup(policy: PolicyConfig): PolicyGroup {
  return { name: policy.name, groups: policy.groups, rules: policy.rules.map((rule, i) => compileRule(policy.name, rule, i)) }
}

/** What a version stands for: the content. Moving a rule to another line is no new version. */
function contentOf(policy: Omit<Policy, 'version' | 'tokenKey'>): unknown {
  const policies = policy.policies.map((group) => ({ ...group, rules: group.rules.map((rule) => ({ ...rule, line: undefined })) }))
  return { ...policy, policies }
}

/** The canonical content of a policy: what its version is the hash of, and what the record keeps. No key is in it. */
export function policyText({ version: _version, tokenKey: _tokenKey, ...content }: Policy): string {
  return canonical(contentOf(content))
}

/** One connection's policy, frozen. A connection that the configuration does not hold gets one without rules, which denies all. */
export function compilePolicy(
  config: Config,
  connection: string,
  tokenKey: Buffer,
  vouched: Policy['vouched'] = [],
  followed: NonNullable<Policy['followed']> = [],
): Policy {
  const content = {
    connection,
    policies: config.policies.filter((policy) => policy.connections.includes(connection)).map(compileGroup),
    sensitive: config.sensitive
      .filter((entry) => entry.connection === connection)
      .map(({ label, mask, columns, predicates }) => ({ label, mask, columns, ...(predicates ? { predicates: true as const } : {}) })),
    untrusted: config.untrusted.filter((entry) => entry.connection === connection).flatMap((entry) => entry.tables),
    patterns: config.patterns.map(({ name, mask, regex }) => ({ name, mask, regex })),
    vouched: config.vouched
      .filter((entry) => entry.connection === connection)
      .map((entry) => ({ function: entry.function, source: entry.source }))
      .concat(vouched.map((entry) => ({ function: entry.function, source: entry.source }))),
    ...(followed.length === 0 ? {} : { followed: followed.map((one) => ({ ...one })) }),
  }
  return deepFreeze({ version: shortHash(contentOf(content)), ...content, tokenKey })
}
