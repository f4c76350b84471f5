import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Approval, Me } from '../../main/contract/index.ts'
import { Fingerprint, Users, Warn } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty } from '../ui/parts/screen-state.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { firstSentence } from '../ui/parts/warning-strip.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { clockWords } from '../ui/time/words.ts'
import { countWords } from '../ui/words.ts'
import { endedAt } from './book.ts'
import { DenyMany } from './deny-many.tsx'
import { gather } from './gather.ts'
import { endWords, outcomeOf } from './outcome.ts'

/** Where a request's card stands. */
export type To = (id: number) => {
  readonly to: '/approvals/$id'
  readonly params: { readonly id: string }
  readonly search: { readonly view?: 'decided' | 'standing' }
  readonly replace: boolean
}

interface Props {
  readonly waiting: readonly Approval[]
  readonly decided: readonly Approval[]
  readonly onlyDecided: boolean
  readonly loading: boolean
  readonly chosen: number | undefined
  readonly lost: boolean
  readonly me: Me | undefined
  readonly to: To
}

/** Waiting ones in order of arrival, then what was just decided. */
export function InboxList({ waiting, decided, onlyDecided, loading, chosen, lost, me, to }: Props) {
  const gathered = useMemo(() => gather(waiting), [waiting])
  const some = useSome(gathered, 60)
  const someDecided = useSome(decided, 60)
  if (loading) return <InboxBones />
  if (waiting.length === 0 && decided.length === 0)
    return (
      <Empty title={onlyDecided ? 'Nothing decided yet' : 'Nothing is waiting'}>
        {onlyDecided ? undefined : 'New requests appear here by themselves.'}
      </Empty>
    )
  return (
    <div className="inbox-list">
      {!onlyDecided && waiting.length === 0 ? (
        <p className="inbox-none">Nothing is waiting. New requests appear here by themselves.</p>
      ) : null}
      <ul aria-label="Waiting">
        {some.shown.map((one) =>
          one.kind === 'one' ? (
            <Waiting key={one.approval.id} approval={one.approval} here={one.approval.id === chosen} lost={lost} to={to} />
          ) : (
            <Alike key={one.first.id} all={one.all} here={one.all.some((each) => each.id === chosen)} lost={lost} to={to} />
          ),
        )}
      </ul>
      <ShowMore {...some} what="waiting" />
      {decided.length > 0 && !onlyDecided ? <h2 className="inbox-group">Just decided</h2> : null}
      <ul aria-label="Decided">
        {someDecided.shown.map((approval) => (
          <li key={approval.id}>
            <Link {...to(approval.id)} className={approval.id === chosen ? 'inbox-item over here' : 'inbox-item over'}>
              <VerdictMark outcome={outcomeOf(approval)} />
              <span className="inbox-title">{approval.sentence}</span>
              <span className="meta third nowrap">
                <Ago at={endedAt(approval)} />
              </span>
              <span className="inbox-sub cut">
                {endWords(approval, me)}
                {approval.decision?.reason ? ` · “${approval.decision.reason}”` : ''}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <ShowMore {...someDecided} what="decided" />
    </div>
  )
}

/** Many alike from one session: the first opens; all can be denied at once, and never approved so. */
function Alike({ all, here, lost, to }: { all: readonly Approval[]; here: boolean; lost: boolean; to: To }) {
  const [asking, ask] = useDisclosure(false)
  const first = all[0]
  if (!first) return null
  return (
    <li className="arrives alike">
      <Link {...to(first.id)} className={here ? 'inbox-item here' : 'inbox-item'}>
        <VerdictMark outcome="held" />
        <span className="inbox-title">{first.sentence}</span>
        <span />
        <span className="inbox-sub cut">
          {countWords(all.length)} alike from one session · {first.requester.name} · {first.connection}
        </span>
      </Link>
      <Button small look="deny" disabled={lost || !all.some((one) => one.mayDecide)} onClick={ask.open}>
        Deny {countWords(all.length)}…
      </Button>
      <DenyMany all={all} opened={asking} onClose={ask.close} />
    </li>
  )
}

function Waiting({ approval, here, lost, to }: { approval: Approval; here: boolean; lost: boolean; to: To }) {
  const now = useNow()
  const left = approval.waitUntil - now
  return (
    <li className="arrives">
      <Link {...to(approval.id)} className={here ? 'inbox-item here' : 'inbox-item'}>
        <VerdictMark outcome="held" />
        <span className="inbox-title">{approval.sentence}</span>
        <span className={left > 0 && approval.waiting ? 'medium nowrap in-ask' : 'meta third nowrap'}>
          {lost ? '–' : left > 0 && approval.waiting ? clockWords(left) : 'late'}
        </span>
        <span className="inbox-sub">
          <Avatar name={approval.requester.name} kind={approval.requester.kind} size={20} />
          <span className="cut">
            {approval.requester.name}
            {approval.client && approval.client !== approval.requester.name ? ` · ${approval.client}` : ''} · {approval.connection}
          </span>
        </span>
        {approval.warnings[0] || approval.passkey || approval.needs.approvals > 1 ? (
          <span className="inbox-flags">
            {approval.warnings[0] ? (
              <span className="badge tone-ask">
                <Warn size={13} />
                <span className="cut">{firstSentence(approval.warnings[0])}</span>
              </span>
            ) : null}
            {approval.passkey && approval.mayDecide ? (
              <span className="badge">
                <Fingerprint size={13} />
                Needs your passkey
              </span>
            ) : null}
            {approval.needs.approvals > 1 ? (
              <span className="badge">
                <Users size={13} />
                {approval.needs.given.length} of {approval.needs.approvals}
              </span>
            ) : null}
          </span>
        ) : null}
      </Link>
    </li>
  )
}

function InboxBones() {
  return (
    <div aria-busy="true">
      <span className="unseen">Loading the requests</span>
      {[0, 1, 2].map((each) => (
        <div key={each} className="inbox-item">
          <Bone width={16} height={16} />
          <Bone width="88%" />
          <Bone width={28} />
          <span className="inbox-sub">
            <Bone width={150} height={12} />
          </span>
        </div>
      ))}
    </div>
  )
}
