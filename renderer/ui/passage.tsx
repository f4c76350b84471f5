import type { Person } from '../../main/contract/index.ts'
import { Database, Robot } from './icons.tsx'
import { Avatar } from './parts/avatar.tsx'
import { ForeignText } from './parts/foreign-text.tsx'
import { type Outcome, VerdictMark } from './parts/verdict-mark.tsx'
import './passage.css'

interface Props {
  readonly requester: Person
  /** The program that holds the token, as the provider says. */
  readonly client: string | null
  /** What it calls itself. */
  readonly application: string
  readonly connection: string
  /** What stands under the database's name. */
  readonly detail?: string
  readonly outcome: Outcome
  /** What is left of the time to decide, 0 to 1; undefined when there is no clock. */
  readonly left?: number | undefined
  /** In words, for screen readers: `8:41 left`. */
  readonly leftWords?: string | undefined
}

/** The provider that vouches for someone, briefly: `login.corp`. */
const providerOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).host : issuer)

/** Who → agent → ◆ → database: a solid line for the way already come, a dotted one for the way not yet taken, the time left as a ring. */
export function Passage({ requester, client, application, connection, detail, outcome, left, leftWords }: Props) {
  const passed = outcome === 'approved' || outcome === 'allowed'
  const urgent = left !== undefined && left < 0.15
  return (
    <div className="passage">
      <div className="passage-end">
        <Avatar name={requester.name} kind={requester.kind} />
        <div className="cut">
          <div className="medium cut" title={requester.name}>
            {requester.name}
          </div>
          <div className="meta third cut passage-narrow">
            {client ?? 'unnamed client'}
            {application === '' ? (
              ''
            ) : (
              <>
                , “<ForeignText>{application}</ForeignText>”
              </>
            )}
          </div>
          <div className="meta third cut passage-wide" title={`Vouched for by ${requester.issuer}`}>
            {providerOf(requester.issuer)}
          </div>
        </div>
      </div>
      <span className="passage-line short" />
      <div className="passage-end passage-agent">
        <Robot size={18} />
        <div className="cut">
          <div className="medium cut" title={client ?? undefined}>
            {client ?? 'unnamed client'}
          </div>
          <div className="meta third cut">
            {application === '' ? (
              'gives no name'
            ) : (
              <>
                “<ForeignText>{application}</ForeignText>”
              </>
            )}
          </div>
        </div>
      </div>
      <span className="passage-line" />
      <span className="passage-gate">
        {left === undefined ? null : (
          <svg className={urgent ? 'passage-ring urgent' : 'passage-ring'} viewBox="0 0 34 34" role="img" aria-label={leftWords}>
            <circle className="ring-ground" cx="17" cy="17" r="15" />
            <circle
              className="ring-left"
              cx="17"
              cy="17"
              r="15"
              pathLength={100}
              strokeDasharray={`${Math.max(0, Math.min(1, left)) * 100} 100`}
            />
          </svg>
        )}
        <VerdictMark outcome={outcome} size={18} />
      </span>
      <span className={passed ? 'passage-line' : 'passage-line ahead'} />
      <div className="passage-end">
        <Database size={18} />
        <div className="cut">
          <div className="medium cut">{connection}</div>
          {detail ? <div className="meta third cut">{detail}</div> : null}
        </div>
      </div>
    </div>
  )
}
