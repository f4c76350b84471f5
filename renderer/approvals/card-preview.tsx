import type { Approval } from '../../main/contract/index.ts'
import { Check, Flask, Warn } from '../ui/icons.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { durationWords, minuteWords, secondsWords } from '../ui/time/words.ts'
import { nounWords, orWords } from '../ui/words.ts'
import { rowCountWords } from './count-words.ts'
import './affected-rows.css'

/** What the host found out: rows, ceiling, plan, who decides. */
export function CardGrant({ approval, ceiling }: { approval: Approval; ceiling: number | null }) {
  const { preview, needs } = approval
  const { rows, how } = rowCountWords(approval)
  const last = preview.plan?.length ?? 0
  return (
    <>
      <dl className="grant">
        <div aria-busy={preview.state === 'pending'}>
          <dt>Rows now</dt>
          <dd>
            <b className={preview.overCeiling ? 'in-deny' : ''}>{rows}</b> {how ? <span className="third">{how}</span> : null}
          </dd>
        </div>
        <div>
          <dt>Ceiling</dt>
          <dd>{ceiling === null ? 'none' : `${nounWords(ceiling, 'row')}, else rolled back`}</dd>
        </div>
        <div>
          <dt>Who may decide</dt>
          <dd>
            {approval.approvers.length > 0 ? `someone from ${orWords(approval.approvers)}` : 'any approver'}
            {needs.approvals > 1 ? `, ${needs.given.length} of ${needs.approvals} so far` : ''}
          </dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <Ago at={approval.askedAt} />, open until {minuteWords(approval.openUntil)}
          </dd>
        </div>
      </dl>
      {preview.overCeiling ? (
        <p className="small row in-deny card-line">
          <Warn />
          <span>It would touch more rows than its ceiling, and so be rolled back.</span>
        </p>
      ) : null}
      {preview.note && preview.state !== 'ready' ? <p className="small second">{preview.note}</p> : null}
      {preview.plan ? (
        <details className="card-plan">
          <summary>
            Plan <span className="third">{last === 1 ? '1 step' : `${last} lines`}, PostgreSQL’s own; nothing was run</span>
          </summary>
          <pre>{preview.plan.join('\n')}</pre>
        </details>
      ) : null}
      <Rehearsal approval={approval} />
    </>
  )
}

/** What it did when it was run and rolled back. */
export function Rehearsal({ approval }: { approval: Approval }) {
  const { rehearsal } = approval.preview
  if (!rehearsal) return null
  const when = <time className="third">{secondsWords(rehearsal.at)}</time>
  if (rehearsal.state === 'running')
    return (
      <p className="rehearsal" role="status">
        <Flask />
        <span>Rehearsing in a transaction that is rolled back…</span>
      </p>
    )
  if (rehearsal.state === 'done')
    return (
      <p className="rehearsal tone-allow" role="status">
        <Check />
        <span>
          {rehearsal.rows === null ? 'It ran' : `${nounWords(rehearsal.rows, 'row')} touched`}
          {rehearsal.ms === null ? '' : ` in ${durationWords(rehearsal.ms)}`}, rolled back. {when}
        </span>
      </p>
    )
  return (
    <p className="rehearsal tone-ask" role="status">
      <Warn />
      <span>
        {rehearsal.state === 'refused' ? 'Not rehearsed: ' : 'The rehearsal failed: '}
        <ForeignText>{rehearsal.text}</ForeignText> {when}
      </span>
    </p>
  )
}
