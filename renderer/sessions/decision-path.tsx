import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { AgentWords } from '../ui/parts/agent-words.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { durationWords, exactWords, secondsWords } from '../ui/time/words.ts'
import { countWords, nounWords } from '../ui/words.ts'
import type { StatementRecord } from './assemble.ts'

interface Step {
  readonly key: string
  readonly mark: ReactNode
  readonly title: ReactNode
  readonly at: number | undefined
  readonly more?: ReactNode
  /** The way to the next step was a wait for a person. */
  readonly waits?: boolean
}

/** The passage upright: arrived, rule, person, sent, masked, finished. */
export function DecisionPath({ record, until, total }: { record: StatementRecord; until: number; total: number }) {
  const { asked, statement, finished, answered, verdict } = record
  const lastEvent = finished ?? answered ?? verdict ?? statement
  return (
    <aside className="decision" aria-label="Decision">
      <div className="row decision-head">
        <h3>Decision</h3>
        <span className="fill" />
        {asked ? (
          <Link to="/approvals/$id" params={{ id: String(asked.approval) }} className="small">
            Approval {asked.approval}
          </Link>
        ) : null}
      </div>
      <ol className="path">
        {stepsOf(record).map((step) => (
          <li key={step.key} className={`${step.waits ? 'waits' : ''}${step.at !== undefined && step.at > until ? ' ahead' : ''}`}>
            <span className="path-mark">{step.mark}</span>
            <div className="path-words">
              <div>{step.title}</div>
              {step.at === undefined ? null : (
                <time className="mono" dateTime={new Date(step.at).toISOString()} title={exactWords(step.at)}>
                  {secondsWords(step.at)}
                </time>
              )}
              {step.more}
            </div>
          </li>
        ))}
      </ol>
      <p className="meta third path-proof">
        {lastEvent.seq > statement.seq
          ? `Events ${countWords(statement.seq)} to ${countWords(lastEvent.seq)} of ${countWords(total)}`
          : `Event ${countWords(statement.seq)} of ${countWords(total)}`}
        <br />
        <span className="mono" title={`SHA-256 of the chain at event ${lastEvent.seq}: ${lastEvent.hash}`}>
          {lastEvent.hash.slice(0, 4)} {lastEvent.hash.slice(4, 8)} … {lastEvent.hash.slice(-4)}
        </span>
      </p>
    </aside>
  )
}

const dot = <span className="path-dot" />

function stepsOf({ statement, verdict, asked, answered, sent, finished, outcome }: StatementRecord): Step[] {
  const steps: Step[] = [{ key: 'arrived', mark: dot, title: 'Arrived', at: statement.at }]
  if (verdict) {
    const did = verdict.effect === 'allow' ? 'allowed it' : verdict.effect === 'ask' ? 'asked a person' : 'denied it'
    steps.push({
      key: 'verdict',
      mark: <VerdictMark outcome={verdict.effect === 'allow' ? 'allowed' : verdict.effect === 'ask' ? 'held' : 'denied'} />,
      title: <span className="medium">{verdict.rule ? `Rule ${verdict.rule.place} ${did}` : 'No rule allows it'}</span>,
      at: undefined,
      more: (
        <div className="meta third">
          {verdict.rule ? `${verdict.rule.id.replace(/\/\d+$/, '')}, ` : ''}policy {verdict.policyVersion.slice(0, 12)}
        </div>
      ),
      waits: verdict.effect === 'ask',
    })
  }
  if (answered) {
    const words = {
      approved: 'approved',
      denied: 'denied',
      expired: 'Nobody decided in time',
      withdrawn: 'The agent took it back',
    } as const
    const byPerson = answered.outcome === 'approved' || answered.outcome === 'denied'
    steps.push({
      key: 'answered',
      mark: (
        <VerdictMark
          outcome={answered.outcome === 'approved' ? 'approved' : answered.outcome === 'denied' ? 'denied-by-person' : 'lapsed'}
        />
      ),
      title: (
        <span className="medium">
          {byPerson ? `${answered.by ?? 'Someone'} ${words[answered.outcome]}` : words[answered.outcome]}
          {asked && byPerson ? <span className="second"> after {durationWords(answered.at - asked.at)}</span> : null}
        </span>
      ),
      at: answered.at,
      more: (
        <>
          {answered.reason === '' ? null : <AgentWords from="the reason">{answered.reason}</AgentWords>}
          <div className="meta third">
            {[
              answered.maxRows === null ? undefined : `${nounWords(answered.maxRows, 'row')} at most`,
              answered.reveal
                ? `masks lifted for this answer${answered.revealLabels ? `: ${answered.revealLabels.join(', ')}` : ''}`
                : undefined,
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </>
      ),
    })
  } else if (outcome === 'held') {
    steps.push({
      key: 'waits',
      mark: <VerdictMark outcome="held" />,
      title: <span className="medium in-ask">Waits for a person</span>,
      at: undefined,
    })
  }
  if (sent) steps.push({ key: 'sent', mark: dot, title: 'Sent to the database', at: sent.at })
  if (finished && finished.masked.length > 0)
    steps.push({
      key: 'masked',
      mark: <VerdictMark outcome="masked" />,
      title: (
        <>
          Masked <code>{finished.masked.join(', ')}</code>
        </>
      ),
      at: undefined,
    })
  if (finished && sent)
    steps.push({
      key: 'finished',
      mark: <VerdictMark outcome={finished.sqlstate ? 'failed' : 'allowed'} />,
      title: finished.sqlstate ? `Failed: ${finished.sqlstate}` : `Finished${finished.tag ? `: ${finished.tag}` : ''}`,
      at: finished.at,
      more: <div className="meta third">in {durationWords(finished.ms)}</div>,
    })
  return steps
}
