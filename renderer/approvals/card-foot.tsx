import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Approval, Me } from '../../main/contract/index.ts'
import { signInQuery } from '../api/queries.ts'
import { signInUrl } from '../api/sign-in.ts'
import { Check, Cross, Fingerprint, History, UserX, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { wordsOf } from '../ui/parts/screen-state.tsx'
import { durationWords } from '../ui/time/words.ts'
import { useKeys } from '../ui/use-keys.ts'
import { orWords } from '../ui/words.ts'
import { DenyForm } from './deny-form.tsx'
import { approveWords, type Standing } from './standing.ts'
import { useDecision } from './use-decision.ts'
import { useGuard } from './use-guard.ts'

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

function Decide({ approval, standing, warned, connected, me }: Props) {
  const guard = useGuard([approval.id, approval.revision, approval.waiting, standing, connected].join('/'))
  const decision = useDecision(approval.id)
  const [denying, setDenying] = useState(false)
  const reason = useRef<HTMLInputElement>(null)
  const armed = guard.isArmed()
  const takes = connected && guard.mayDecide()

  const decide = (what: 'approve' | 'deny', words: string) => {
    if (!connected || !guard.mayDecide()) return
    guard.send({ type: 'send', decision: what })
    decision.mutate(
      { decision: what, reason: words.trim(), revision: approval.revision },
      { onSettled: () => guard.send({ type: 'answered' }), onSuccess: () => setDenying(false) },
    )
  }
  const approve = () => decide('approve', reason.current?.value ?? '')
  const startDenying = () => {
    if (connected && guard.sending === undefined) setDenying(true)
  }
  useKeys(
    {
      a: () => connected && guard.send({ type: 'arm' }),
      Enter: () => guard.isArmed() && approve(),
      Escape: () => guard.send({ type: 'drop' }),
      d: startDenying,
    },
    !denying,
  )

  const failed =
    decision.error && guard.sending === undefined ? (
      <p className="foot-error" role="alert">
        <Warn /> {wordsOf(decision.error)}
      </p>
    ) : null
  if (denying)
    return (
      <footer className="card-foot tall">
        {failed}
        <DenyForm
          approval={approval}
          by={me?.name ?? ''}
          takes={takes}
          sending={guard.sending === 'deny'}
          back={() => setDenying(false)}
          deny={(words) => decide('deny', words)}
        />
      </footer>
    )
  const words = approveWords(approval, standing)
  return (
    <footer className="card-foot">
      {failed}
      <Button look="deny" icon={<Cross />} keyCap="D" disabled={!takes} onClick={startDenying}>
        Deny…
      </Button>
      <input
        ref={reason}
        className="reason-field"
        aria-label="Reason, kept in the record (optional)"
        placeholder="Reason, kept in the record (optional)"
        maxLength={2000}
        disabled={!connected || guard.sending !== undefined}
      />
      <Button
        look={warned ? 'soft' : 'solid'}
        icon={<Check />}
        keyCap={armed ? 'Enter' : 'A'}
        disabled={!takes}
        className={armed ? 'approve armed' : 'approve'}
        onClick={approve}
      >
        <span aria-live="polite">{guard.sending === 'approve' ? 'Approving…' : armed ? 'Enter to approve' : words}</span>
      </Button>
    </footer>
  )
}
