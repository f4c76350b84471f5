import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { Fragment, useEffect } from 'react'
import type { Policies, PolicyRule } from '../../main/contract/index.ts'
import { policiesQuery } from '../api/queries.ts'
import { Database, Lock, Users } from '../ui/icons.tsx'
import { Label } from '../ui/parts/label.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { type Outcome, VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { rulePartsOf } from './rule-parts.ts'
import './policies.css'

/** Rules as sentences, in the order in which they are asked. */
export function PoliciesPage() {
  const policies = useQuery(policiesQuery)
  const { hash } = useLocation()
  useEffect(() => {
    if (policies.data && hash) document.getElementById(hash)?.scrollIntoView({ block: 'center' })
  }, [policies.data, hash])
  return (
    <main className="screen">
      <Head title="Policies">
        {policies.data ? <span className="small third">Version {policies.data.policyVersion.slice(0, 12)}, in force</span> : null}
      </Head>
      <ScreenBody>
        <div className="policies">
          {policies.isPending ? <PolicyBones /> : null}
          {policies.isError && !policies.data ? (
            <Failing what="The policies" error={policies.error} retry={() => void policies.refetch()} />
          ) : null}
          {policies.data?.policies.length === 0 ? (
            <section className="panel">
              <Empty title="No policy: everything is denied">Add one under “policies” in the configuration.</Empty>
            </section>
          ) : null}
          {policies.data?.policies.map((policy) => (
            <Policy key={policy.name} policy={policy} here={hash} />
          ))}
          {policies.data && policies.data.policies.length > 0 ? (
            <p className="meta third">
              Policies are asked from top to bottom; the first rule that matches decides. They are changed in the configuration file.
            </p>
          ) : null}
        </div>
      </ScreenBody>
    </main>
  )
}

function Policy({ policy, here }: { policy: Policies['policies'][number]; here: string }) {
  return (
    <section className="panel" aria-label={policy.name}>
      <header className="policy-head">
        <h2 className="policy-name">{policy.name}</h2>
        {policy.groups.map((group) => (
          <span key={group} className="tag">
            <Users size={12} />
            {group}
          </span>
        ))}
        {policy.connections.map((connection) => (
          <span key={connection} className="tag">
            <Database size={12} />
            {connection}
          </span>
        ))}
        <span className="fill" />
        <span className="meta third">The first rule that matches decides</span>
      </header>
      <ol>
        {policy.rules.map((rule) => (
          <Rule key={rule.id} rule={rule} here={here === rule.id} />
        ))}
        <li className="rule last">
          <span className="rule-place">
            <Lock size={14} />
          </span>
          <Effect effect="deny" />
          <div className="rule-words">everything else. This line cannot be removed.</div>
        </li>
      </ol>
    </section>
  )
}

const effects: Record<PolicyRule['effect'], { readonly word: string; readonly outcome: Outcome; readonly tone: string }> = {
  allow: { word: 'Allow', outcome: 'allowed', tone: 'in-allow' },
  ask: { word: 'Ask', outcome: 'held', tone: 'in-ask' },
  deny: { word: 'Deny', outcome: 'denied', tone: 'in-deny' },
}

function Effect({ effect }: { effect: PolicyRule['effect'] }) {
  const { word, outcome, tone } = effects[effect]
  return (
    <span className={`rule-effect ${tone}`}>
      <VerdictMark outcome={outcome} quiet />
      {word}
    </span>
  )
}

function Rule({ rule, here }: { rule: PolicyRule; here: boolean }) {
  const parts = rulePartsOf(rule)
  return (
    <li id={rule.id} className={here ? 'rule here' : 'rule'}>
      <span className="rule-place">{rule.place}</span>
      <Effect effect={rule.effect} />
      <div className="rule-words">
        {parts.map((part, index) => {
          const key = `${index}/${part.text}`
          if (part.kind === 'slot')
            return (
              <span key={key} className="slot">
                {part.text}
              </span>
            )
          if (part.kind === 'label') return <Label key={key}>{part.text}</Label>
          if (part.text === ', ')
            return (
              <Fragment key={key}>
                <span className="unseen">,</span>{' '}
              </Fragment>
            )
          if (part.kind === 'strong') return <b key={key}>{part.text}</b>
          return <Fragment key={key}>{part.text}</Fragment>
        })}
        {rule.reason ? <div className="rule-note">Reason: “{rule.reason}”</div> : null}
        {rule.message ? <div className="rule-note">The agent is told: “{rule.message}”</div> : null}
      </div>
      {rule.line === null ? null : <span className="meta third nowrap">line {rule.line}</span>}
    </li>
  )
}

function PolicyBones() {
  return (
    <section className="panel" aria-busy="true">
      <span className="unseen">Loading the policies</span>
      <header>
        <Bone width={140} />
      </header>
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="rule">
          <Bone width={12} />
          <Bone width={60} />
          <Bone width="70%" />
        </div>
      ))}
    </section>
  )
}
