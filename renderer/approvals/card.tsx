import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Approval, Me } from '../../main/contract/index.ts'
import { useLink } from '../api/stream.ts'
import { Back } from '../ui/icons.tsx'
import { AgentWords } from '../ui/parts/agent-words.tsx'
import { Button } from '../ui/parts/button.tsx'
import { WarningStrip } from '../ui/parts/warning-strip.tsx'
import { Passage } from '../ui/passage.tsx'
import { findHidden } from '../ui/sql/hidden-characters.ts'
import { useNow } from '../ui/time/use-now.ts'
import { clockWords } from '../ui/time/words.ts'
import { CardFacts } from './card-facts.tsx'
import { CardFoot } from './card-foot.tsx'
import { CardNotice } from './card-notice.tsx'
import { CardStatement } from './card-statement.tsx'
import { changesBetween } from './changes.ts'
import { ceilingOf } from './count-words.ts'
import { outcomeOf } from './outcome.ts'
import { standingOf } from './standing.ts'

interface Props {
  readonly approval: Approval
  readonly me: Me | undefined
  /** Opens the next one that waits; undefined when none does. */
  readonly next: (() => void) | undefined
  readonly back?: () => void
  /** The small window: its own head says the time, and only what decides is shown. */
  readonly compact?: boolean
}

const HIDDEN = 'This text contains characters you cannot see. They are shown as they are sent.'

/** Read top down: what is wrong here, what will happen, who asks, show me, yes or no. */
export function Card({ approval, me, next, back, compact = false }: Props) {
  const now = useNow()
  const link = useLink()
  const [first, setFirst] = useState(approval)
  const [changes, setChanges] = useState<readonly string[]>([])
  if (first !== approval) {
    setFirst(approval)
    const news = approval.state === 'pending' ? changesBetween(first, approval) : []
    if (news.length > 0 || first.revision !== approval.revision) setChanges(news)
  }
  const standing = standingOf(approval, me, now)
  const left = approval.waitUntil - now
  const hasClock = link.state !== 'lost' && approval.state === 'pending' && approval.waiting && left > 0
  const hidden = findHidden(approval.sql).length > 0
  const untrusted = approval.untrusted[0]
  const warnings = hidden ? [HIDDEN, ...approval.warnings.filter((text) => !/hidden characters/i.test(text))] : approval.warnings
  return (
    <article className={compact ? 'card compact' : 'card'} aria-label={`Approval ${approval.id}`}>
      <CardNotice approval={approval} changes={changes} me={me} now={now} />
      <div className="card-scroll">
        {back ? (
          <div className="row">
            <Button small look="ghost" icon={<Back />} onClick={back}>
              All requests
            </Button>
            <span className="fill" />
            {hasClock ? <span className="medium in-ask">{clockWords(left)} left</span> : null}
          </div>
        ) : null}
        {warnings.slice(0, 2).map((text) => (
          <WarningStrip key={text} text={text} bad={text === HIDDEN}>
            {untrusted && /outsiders wrote/.test(text) ? (
              <Link to="/sessions/$id" params={{ id: untrusted.session ?? approval.sessionId }} search={{ statement: untrusted.statement }}>
                See it
              </Link>
            ) : null}
          </WarningStrip>
        ))}
        {warnings.length > 2 ? (
          <ul className="more-warnings small second">
            {warnings.slice(2).map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        ) : null}
        <div className="card-title">
          <h2>{approval.sentence}</h2>
          <span className="tag">
            <span className="unseen">Approval </span>
            {approval.id}
          </span>
        </div>
        {approval.statedReason ? (
          <AgentWords
            from={
              compact
                ? 'the agent’s words'
                : approval.statedReason.from === 'comment'
                  ? 'the agent’s words, not checked'
                  : 'from its application name, not checked'
            }
          >
            {approval.statedReason.text}
          </AgentWords>
        ) : null}
        <Passage
          requester={approval.requester}
          client={approval.client}
          application={approval.application}
          connection={approval.connection}
          detail={approval.waiting ? 'the statement waits' : 'nothing waits'}
          outcome={outcomeOf(approval)}
          left={hasClock ? left / Math.max(1, approval.waitUntil - approval.askedAt) : undefined}
          leftWords={`${clockWords(left)} left`}
        />
        <CardStatement approval={approval} compact={compact} />
        <CardFacts approval={approval} ceiling={ceilingOf(approval)} />
      </div>
      <CardFoot
        key={approval.id}
        approval={approval}
        standing={standing}
        warned={warnings.length > 0}
        connected={link.state === 'live'}
        me={me}
        now={now}
        next={next}
        compact={compact}
      />
    </article>
  )
}
