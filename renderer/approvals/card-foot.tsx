import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Approval, DecisionRequest, Me } from '../../main/contract/index.ts'
import { signInQuery } from '../api/queries.ts'
import { signInUrl } from '../api/sign-in.ts'
import { Check, Cross, Fingerprint, Flask, History, UserX, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { durationWords } from '../ui/time/words.ts'
import { useKeys } from '../ui/use-keys.ts'
import { orWords } from '../ui/words.ts'
import { ceilingOf } from './count-words.ts'
import { DenyForm } from './deny-form.tsx'
import { LimitsForm } from './limits-form.tsx'
import { approveWords, type Standing } from './standing.ts'
import { useDecision } from './use-decision.ts'
import { useGuard } from './use-guard.ts'
import { useRehearsal } from './use-rehearsal.ts'

interface Props {
  readonly approval: Approval
  readonly standing: Standing
  /** While a warning stands no button is filled. */
  readonly warned: boolean
  readonly connected: boolean
  readonly me: Me | undefined
  readonly now: number
  /** Opens the next one that waits; undefined when none does. */
  readonly next: (() => void) | undefined
  /** The pop-up's foot: reason and rehearsal stand under Limits. */
  readonly compact: boolean
}

/** Yes or no; or, where there is none to say, why. */
export function CardFoot(props: Props) {
  const { approval, standing, me, now, next } = props
  if (standing === 'over')
    return (
      <footer className="card-foot">
        <Link className="button" to="/sessions/$id" params={{ id: approval.sessionId }} search={{ statement: approval.statement }}>
          <History />
          See what it did
        </Link>
        <span className="fill" />
        {next ? <Button onClick={next}>Next waiting</Button> : null}
      </footer>
    )
  if (standing === 'not-yours')
    return (
      <footer className="card-foot reason">
        <UserX />
        <div>
          <div className="medium">You can look, not decide.</div>
          <div className="second">{approval.whyNot ?? `Someone from ${orWords(approval.approvers)} has to decide.`}</div>
        </div>
      </footer>
    )
  if (standing === 'sign-in-old') return <SignInAgain approval={approval} me={me} now={now} />
  return <Decide {...props} />
}

function SignInAgain({ approval, me, now }: { approval: Approval; me: Me | undefined; now: number }) {
  const options = useQuery(signInQuery)
  const back = `/approvals/${approval.id}`
  const only = options.data?.providers.length === 1 ? options.data.providers[0] : undefined
  return (
    <footer className="card-foot reason">
      <Fingerprint />
      <div className="fill">
        <div className="medium">
          {me?.signInAt == null ? 'Your sign-in does not say when it was.' : `You signed in ${durationWords(now - me.signInAt)} ago.`}
        </div>
        <div className="second">A decision needs a more recent one. You come back to this card.</div>
      </div>
      <a className="button soft" href={only ? signInUrl(only.url, back, true) : `/sign-in?return=${encodeURIComponent(back)}`}>
        Sign in again
      </a>
    </footer>
  )
}

type Mode = 'deciding' | 'denying' | 'limiting'

function Decide({ approval, standing, warned, connected, me, compact }: Props) {
  const { preview } = approval
  const guard = useGuard(
    [
      approval.id,
      approval.revision,
      approval.waiting,
      standing,
      connected,
      preview.state,
      preview.exactRows,
      preview.rehearsal?.at,
      preview.rehearsal?.state,
    ].join('/'),
  )
  const decision = useDecision(approval)
  const rehearsal = useRehearsal(approval)
  const [mode, setMode] = useState<Mode>('deciding')
  const reason = useRef<HTMLInputElement>(null)
  const armed = guard.isArmed()
  const takes = connected && guard.mayDecide()
  const ceiling = ceilingOf(approval)

  const decide = (what: 'approve' | 'deny', grant: Partial<DecisionRequest>) => {
    if (!connected || !guard.mayDecide()) return
    guard.send({ type: 'send', decision: what })
    decision.mutate(
      { ...grant, decision: what, revision: approval.revision },
      { onSettled: () => guard.send({ type: 'answered' }), onSuccess: () => setMode('deciding') },
    )
  }
  const approve = () =>
    decide('approve', {
      reason: (reason.current?.value ?? '').trim(),
      ...(ceiling !== null && ceiling !== approval.maxRows ? { maxRows: ceiling } : {}),
    })
  const open = (next: Mode) => {
    if (connected && guard.sending === undefined) setMode(next)
  }
  const rehearse = connected ? rehearsal.rehearse : undefined
  useKeys(
    {
      a: () => connected && guard.send({ type: 'arm' }),
      Enter: () => guard.isArmed() && approve(),
      Escape: () => guard.send({ type: 'drop' }),
      d: () => open('denying'),
      l: () => open('limiting'),
      ...(rehearse ? { r: rehearse } : {}),
    },
    mode === 'deciding',
  )

  const error = guard.sending === undefined ? (decision.error ?? rehearsal.error) : null
  const failed = error ? (
    <p className="foot-error" role="alert">
      <Warn /> {wordsOf(error)}
    </p>
  ) : null
  const back = () => setMode('deciding')
  if (mode === 'denying')
    return (
      <footer className="card-foot tall">
        {failed}
        <DenyForm
          approval={approval}
          by={me?.name ?? ''}
          takes={takes}
          sending={guard.sending === 'deny'}
          back={back}
          deny={(words) => decide('deny', { reason: words.trim() })}
        />
      </footer>
    )
  if (mode === 'limiting')
    return (
      <footer className="card-foot tall">
        {failed}
        <LimitsForm
          approval={approval}
          ceiling={ceiling}
          warned={warned}
          takes={takes}
          sending={guard.sending === 'approve'}
          back={back}
          approve={(grant) => decide('approve', grant)}
          rehearse={rehearse}
        />
      </footer>
    )
  const words = approval.passkey === true ? 'Approve with passkey' : approveWords(approval, standing, ceiling)
  const sending = approval.passkey === true ? 'Waiting for your passkey…' : 'Approving…'
  return (
    <footer className="card-foot">
      {failed}
      <Button look="deny" icon={<Cross />} keyCap="D" disabled={!takes} onClick={() => open('denying')}>
        Deny…
      </Button>
      {compact ? null : (
        <input
          ref={reason}
          className="reason-field"
          aria-label="Reason, kept in the record (optional)"
          placeholder="Reason, kept in the record (optional)"
          maxLength={2000}
          disabled={!connected || guard.sending !== undefined}
        />
      )}
      {rehearsal.may && !compact ? (
        <Button look="ghost" icon={<Flask />} keyCap="R" disabled={rehearse === undefined} onClick={rehearse}>
          Rehearse
        </Button>
      ) : null}
      <Button keyCap="L" disabled={!takes} onClick={() => open('limiting')}>
        Limits…
      </Button>
      <Button
        look={warned ? 'soft' : 'solid'}
        icon={compact ? undefined : approval.passkey === true ? <Fingerprint /> : <Check />}
        keyCap={armed ? 'Enter' : 'A'}
        disabled={!takes}
        className={armed ? 'approve armed' : 'approve'}
        onClick={approve}
      >
        <span aria-live="polite">{guard.sending === 'approve' ? sending : armed ? 'Enter to approve' : words}</span>
      </Button>
    </footer>
  )
}
