import { Parameters } from '../approvals/card-statement.tsx'
import { Back } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { RuleWords } from '../ui/rule-words.tsx'
import { SqlBlock } from '../ui/sql/sql-block.tsx'
import { durationWords, secondsWords } from '../ui/time/words.ts'
import { byteWords, nounWords } from '../ui/words.ts'
import type { StatementRecord } from './assemble.ts'
import { DecisionPath } from './decision-path.tsx'
import { Refusal } from './refusal.tsx'
import { ResultGrid } from './result-grid.tsx'
import { WhatWasShown } from './what-was-shown.tsx'

interface Props {
  readonly statement: StatementRecord
  /** The playhead: what came later is not shown yet. Milliseconds since the epoch. */
  readonly until: number
  /** Events in the whole session. */
  readonly total: number
  readonly back?: () => void
}

/** One statement: what was sent, why it was let, what came back by the time of the playhead. */
export function StatementView({ statement: record, until, total, back }: Props) {
  const { statement, verdict, finished, rows, outcome, asked } = record
  const refused = outcome === 'denied' || outcome === 'denied-by-person'
  const end = finished?.at ?? record.answered?.at
  const ahead = end !== undefined && until < end
  return (
    <div className="statement-view">
      <div className="statement-main">
        {back ? (
          <Button small look="ghost" icon={<Back />} onClick={back} className="self-start">
            All statements
          </Button>
        ) : null}
        <h2>{statement.sentence}</h2>
        <SqlBlock sql={statement.sql} marks={verdict?.marks ?? []} denied={refused}>
          {statement.lossy ? (
            <p className="sql-note">Some bytes are not valid UTF-8 and are shown as �. The export holds them as they were sent.</p>
          ) : null}
          {verdict ? (
            <div className={`rule-line ${verdict.effect === 'deny' ? 'tone-deny' : verdict.effect === 'allow' ? 'tone-allow' : ''}`}>
              <VerdictMark outcome={verdict.effect === 'deny' ? 'denied' : verdict.effect === 'ask' ? 'held' : 'allowed'} size={14} quiet />
              <div className="fill">
                {verdict.rule ? <RuleWords rule={verdict.rule} /> : <span className="medium">No rule allows it, so it is denied</span>}
                {verdict.because.length > 0 ? <div className="second">{verdict.because.join('; ')}</div> : null}
              </div>
            </div>
          ) : null}
        </SqlBlock>
        {statement.parameters.length > 0 ? <Parameters parameters={statement.parameters} /> : null}
        {ahead ? null : <Refusal record={record} />}
        {finished && !refused && !ahead ? (
          <p className="row small second statement-facts">
            {finished.sqlstate ? (
              <span className="in-deny">Failed with {finished.sqlstate}</span>
            ) : (
              <span className="medium">{finished.tag || 'done'}</span>
            )}
            {statement.facts.verbs.includes('write') && finished.rows === 0 ? null : (
              <>
                <span>{nounWords(finished.rows, 'row')} returned</span>
                <span>{byteWords(finished.bytes)}</span>
              </>
            )}
            <span>{durationWords(finished.ms)}</span>
            {finished.masked.length > 0 ? (
              <span className="row in-mask masked-note">
                <VerdictMark outcome="masked" quiet />
                {nounWords(finished.masked.length, 'column')} masked
              </span>
            ) : null}
          </p>
        ) : null}
        {ahead ? (
          <p className="small second">Here the agent still waits; its answer comes at {secondsWords(end)}.</p>
        ) : (
          rows.map((set) => (
            <ResultGrid
              key={set.seq}
              set={set}
              masked={finished?.masked ?? []}
              total={finished?.rows ?? set.rows.length}
              labels={statement.facts.columns}
            />
          ))
        )}
        {asked ? <WhatWasShown approval={asked.approval} /> : null}
      </div>
      <DecisionPath record={record} until={until} total={total} />
    </div>
  )
}
