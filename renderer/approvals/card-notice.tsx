import type { Approval, Me } from '../../main/contract/index.ts'
import { Warn } from '../ui/icons.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { agoWords, minuteWords } from '../ui/time/words.ts'
import { endedAt } from './book.ts'
import { outcomeOf } from './outcome.ts'

interface Props {
  readonly approval: Approval
  /** What changed while it was open. */
  readonly changes: readonly string[]
  readonly me: Me | undefined
  readonly now: number
}

/** Above the card: that it was decided, ran out, or changed under the reader's eyes. */
export function CardNotice({ approval, changes, me, now }: Props) {
  const { state, decision } = approval
  if (state === 'pending' && changes.length > 0)
    return (
      <div className="notice tone-ask" role="alert">
        <Warn />
        <div>
          <span className="medium">This changed while you looked.</span> {changes.join(' ')}
        </div>
      </div>
    )
  if (state === 'pending' && !approval.waiting)
    return (
      <div className="notice" role="status">
        <VerdictMark outcome="lapsed" />
        <span>
          <span className="medium">The agent has stopped waiting.</span> Approve now, and this exact statement may run once if the agent
          sends it again before {minuteWords(approval.openUntil)}.
        </span>
      </div>
    )
  if (state === 'pending') return null
  const by = decision && (decision.by.subject === me?.subject && decision.by.issuer === me.issuer ? 'You' : decision.by.name)
  const verb = decision?.decision === 'deny' ? 'denied' : 'approved'
  const after =
    state === 'used'
      ? 'It ran.'
      : state === 'approved'
        ? `It may run once until ${minuteWords(approval.openUntil)}.`
        : state === 'denied'
          ? 'The agent has been told why.'
          : state === 'expired'
            ? 'Nobody decided in time; nothing ran.'
            : 'The agent took it back; nothing ran.'
  const tone = state === 'denied' ? 'tone-deny' : state === 'expired' || state === 'withdrawn' ? '' : 'tone-allow'
  return (
    <div className={`notice ${tone}`} role="status">
      <VerdictMark outcome={outcomeOf(approval)} />
      <div>
        <span className="medium">{by ? `${by} ${verb} this` : state === 'expired' ? 'This has expired' : 'This was withdrawn'}</span>{' '}
        {decision ? `${agoWords(endedAt(approval), now)}. ` : '. '}
        {after}
        {decision?.reason ? (
          <p className="said">
            “<ForeignText>{decision.reason}</ForeignText>”
          </p>
        ) : null}
      </div>
    </div>
  )
}
