import type { Policies } from '../../main/contract/index.ts'
import { ruleText } from '../policies/rule-parts.ts'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { orWords } from '../ui/words.ts'

const outcomes = { allow: 'allowed', ask: 'held', deny: 'denied' } as const
const words = { allow: 'Allowed: ', ask: 'Asks ', deny: 'Denied: ' } as const

/** The rules of a connection, briefly. */
export function WhatWillHappen({ policies, connection }: { policies: Policies; connection: string }) {
  const there = policies.policies.filter((policy) => policy.connections.includes(connection))
  return (
    <section className="panel" aria-label="What will happen">
      <header>
        <h2 className="policy-name">What will happen</h2>
      </header>
      {there.map((policy) => (
        <div key={policy.name}>
          <h3 className="will-who">To {orWords(policy.groups, 'and')}</h3>
          <ul className="will">
            {policy.rules.map((rule) => (
              <li key={rule.id}>
                <VerdictMark outcome={outcomes[rule.effect]} quiet />
                <span>
                  {words[rule.effect]}
                  {ruleText(rule)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <ul className="will">
        <li>
          <VerdictMark outcome="denied" quiet />
          <span>Denied: everything else</span>
        </li>
      </ul>
    </section>
  )
}
