import type { RuleReference } from '../../main/contract/index.ts'

/** `Rule 3, agents-on-shop · a write on shop needs a person from dba`. */
export function RuleWords({ rule }: { rule: RuleReference }) {
  const policy = rule.id.replace(/\/\d+$/, '')
  return (
    <span>
      <span className="medium">
        Rule {rule.place}, {policy}
      </span>{' '}
      · {rule.reason ?? rule.sentence}
    </span>
  )
}
