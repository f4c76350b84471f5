import { useEffect, useId, useRef, useState } from 'react'
import type { Approval, DecisionRequest } from '../../main/contract/index.ts'
import { Check, Fingerprint, Flask, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Label } from '../ui/parts/label.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { nounWords, orWords } from '../ui/words.ts'
import { Rehearsal } from './card-preview.tsx'
import { firstLimits, grantWords, type Limits, readLimits } from './limits.ts'

interface Props {
  readonly approval: Approval
  readonly ceiling: number | null
  readonly warned: boolean
  readonly takes: boolean
  readonly sending: boolean
  readonly back: () => void
  readonly approve: (grant: Partial<DecisionRequest>) => void
  readonly rehearse: (() => void) | undefined
}

/** Yes, within limits: rows, how often or how long, which labels are shown. The button says what is granted. */
export function LimitsForm({ approval, ceiling, warned, takes, sending, back, approve, rehearse }: Props) {
  const [limits, setLimits] = useState<Limits>(() => firstLimits(ceiling))
  const [problem, setProblem] = useState<string>()
  const first = useRef<HTMLInputElement>(null)
  const name = useId()
  const { standingLimits, preview, revealable } = approval
  useEffect(() => first.current?.select(), [])
  const set = (changes: Partial<Limits>) => {
    setLimits({ ...limits, ...changes })
    setProblem(undefined)
  }
  useKeys({ Escape: back, ...(rehearse ? { r: rehearse } : {}) })
  const ways = [
    { runs: 'once', words: 'once' },
    ...(standingLimits
      ? ([
          { runs: 'times', words: 'several times' },
          { runs: 'minutes', words: 'for a while' },
        ] as const)
      : []),
  ] as const
  return (
    <form
      className="limits-form"
      aria-label={`Limits for approval ${approval.id}`}
      noValidate
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        back()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        const read = readLimits(limits, approval)
        if ('problem' in read) setProblem(read.problem)
        else approve(read.grant)
      }}
    >
      <div className="limit">
        <label htmlFor={`${name}-rows`}>Rows at most</label>
        <div className="row">
          <input
            ref={first}
            id={`${name}-rows`}
            className="reason-field number"
            inputMode="numeric"
            value={limits.rows}
            placeholder="no limit"
            onChange={(event) => set({ rows: event.currentTarget.value })}
          />
          <span className="meta third">
            {preview.exactRows === null ? 'more rolls back' : `counted ${nounWords(preview.exactRows, 'row')} now; more rolls back`}
          </span>
        </div>
      </div>
      <fieldset className="limit">
        <legend>It may run</legend>
        <div className="row limit-runs">
          <span className="segments">
            {ways.map((way) => (
              <label key={way.runs} className={limits.runs === way.runs ? 'on' : ''}>
                <input type="radio" name={name} checked={limits.runs === way.runs} onChange={() => set({ runs: way.runs })} />
                {way.words}
              </label>
            ))}
          </span>
          {limits.runs === 'times' ? (
            <label className="row meta">
              <input
                className="reason-field number"
                inputMode="numeric"
                aria-label="Times"
                value={limits.times}
                onChange={(event) => set({ times: event.currentTarget.value })}
              />
              times, of {standingLimits?.times} at most
            </label>
          ) : null}
          {limits.runs === 'minutes' ? (
            <label className="row meta">
              <input
                className="reason-field number"
                inputMode="numeric"
                aria-label="Minutes"
                value={limits.minutes}
                onChange={(event) => set({ minutes: event.currentTarget.value })}
              />
              minutes, of {standingLimits?.minutes} at most
            </label>
          ) : null}
        </div>
      </fieldset>
      <div className="limit">
        <span>For</span>
        <div>
          {approval.requester.name}
          {approval.client && approval.client !== approval.requester.name ? ` with ${approval.client}` : ''}, on {approval.connection}
          <div className="meta third">this exact text and parameters, nobody else</div>
        </div>
      </div>
      {revealable.length > 0 ? (
        <fieldset className="limit">
          <legend>Show unmasked</legend>
          <div className="limit-reveal">
            {revealable.map((label) => (
              <label key={label} className="row">
                <input
                  type="checkbox"
                  checked={limits.reveal.includes(label)}
                  onChange={(event) =>
                    set({ reveal: event.currentTarget.checked ? [...limits.reveal, label] : limits.reveal.filter((one) => one !== label) })
                  }
                />
                <Label>{label}</Label>
              </label>
            ))}
            <span className="meta third">to the agent, in this one answer; recorded with your reason</span>
          </div>
        </fieldset>
      ) : null}
      <div className="limit">
        <label htmlFor={`${name}-reason`}>Reason</label>
        <input
          id={`${name}-reason`}
          className="reason-field"
          value={limits.reason}
          maxLength={2000}
          placeholder={limits.reveal.length > 0 ? 'Needed; kept in the record' : 'Optional; kept in the record'}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
      </div>
      {rehearse || preview.rehearsal ? (
        <div className="limit-rehearsal">
          <Flask />
          <div className="fill">
            <div className="medium">Rehearsal</div>
            <div className="meta third">Runs now in a transaction that is rolled back.</div>
          </div>
          {rehearse ? (
            <Button small keyCap="R" onClick={rehearse} disabled={preview.rehearsal?.state === 'running'}>
              {preview.rehearsal ? 'Again' : 'Rehearse'}
            </Button>
          ) : null}
          <Rehearsal approval={approval} />
        </div>
      ) : null}
      {problem ? (
        <p className="foot-error" role="alert">
          <Warn /> {problem}
        </p>
      ) : null}
      <div className="deny-acts">
        <Button keyCap="Esc" onClick={back}>
          Back
        </Button>
        <span className="meta third fill">
          {limits.runs === 'once'
            ? ''
            : `Stands under Standing, where ${approval.approvers.length > 0 ? `someone from ${orWords(approval.approvers)}` : 'an approver'} can revoke it.`}
        </span>
        <Button type="submit" look={warned ? 'soft' : 'solid'} icon={approval.passkey ? <Fingerprint /> : <Check />} disabled={!takes}>
          {sending ? 'Approving…' : grantWords(limits)}
        </Button>
      </div>
    </form>
  )
}
