import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { orWords } from '../ui/words.ts'
import { type Start, startingPolicies } from './starting-policies.ts'

interface Props {
  readonly start: Start | 'keep'
  readonly choose: (start: Start | 'keep') => void
  /** Policies that the connection has already. */
  readonly has: readonly string[]
  readonly groups: readonly string[]
  readonly approvers: string
  readonly setApprovers: (groups: string) => void
}

/** Three ways to begin, by what becomes of reads, writes and the rest. */
export function PolicyStep({ start, choose, has, groups, approvers, setApprovers }: Props) {
  return (
    <>
      <fieldset className="starts">
        <legend className="unseen">Starting policy</legend>
        {startingPolicies.map((one) => (
          <label key={one.key} className={one.key === start ? 'start-card on' : 'start-card'}>
            <span className="row">
              <span className="start-title fill">{one.title}</span>
              <input type="radio" name="start" checked={one.key === start} onChange={() => choose(one.key)} />
            </span>
            <span className="small second">{one.what}</span>
            <span className="start-lines">
              {one.lines.map(([what, outcome, word]) => (
                <span key={what} className="row small">
                  <VerdictMark outcome={outcome} quiet />
                  <span className="fill">{what}</span>
                  <span className="third">{word}</span>
                </span>
              ))}
            </span>
          </label>
        ))}
      </fieldset>
      {has.length > 0 ? (
        <label className={start === 'keep' ? 'set-up-choice on' : 'set-up-choice'}>
          <input type="radio" name="start" checked={start === 'keep'} onChange={() => choose('keep')} />
          <span className="medium">Keep the rules it has</span>
          <span className="third">{orWords(has, 'and')}</span>
        </label>
      ) : null}
      {has.length > 0 && start !== 'keep' ? (
        <p className="small in-ask">The rules it has stay above this one and decide first where they speak of the same groups.</p>
      ) : null}
      <p className="small second">For agents of {orWords(groups, 'and')}.</p>
      {start === 'approvals' ? (
        <label className="field approvers">
          Groups that approve, of those with the role of approver
          <input value={approvers} required placeholder="dba" onChange={(event) => setApprovers(event.currentTarget.value)} />
          <span className="third">Nobody approves their own agent.</span>
        </label>
      ) : null}
    </>
  )
}
