import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Approval } from '../../main/contract/index.ts'
import { bookQuery, healthQuery, sessionsQuery } from '../api/queries.ts'
import { emptyBook, waitingIn } from '../approvals/book.ts'
import { VerdictMix } from '../sessions/verdict-mix.tsx'
import { SetUpInvitation } from '../set-up/invitation.tsx'
import { Check, Fingerprint, Warn } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { firstSentence } from '../ui/parts/warning-strip.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { clockWords, minuteWords } from '../ui/time/words.ts'
import { byteWords, countWords } from '../ui/words.ts'
import { AgentsToday } from './agents-today.tsx'
import { StandingPanel } from './standing-panel.tsx'
import { UnprotectedPanel } from './unprotected.tsx'
import './start.css'

const MOST = 5

/** The title is the state. Review only; nothing is decided here. */
export function StartPage() {
  const book = useQuery(bookQuery)
  const waiting = waitingIn(book.data ?? emptyBook)
  const yours = waiting.filter((approval) => approval.mayDecide).length
  const title = book.isPending
    ? 'Start'
    : yours > 0
      ? `${countWords(yours)} ${yours === 1 ? 'statement waits' : 'statements wait'} for you`
      : waiting.length > 0
        ? `${countWords(waiting.length)} ${waiting.length === 1 ? 'statement waits' : 'statements wait'} for someone else`
        : book.isError
          ? 'Start'
          : 'Nothing waits'
  return (
    <main className="screen">
      <Head title={title} tab={yours > 0 ? `(${countWords(yours)}) Start` : 'Start'}>
        <Today />
      </Head>
      <ScreenBody className="start">
        <div className="start-main">
          <SetUpInvitation />
          <Waiting
            waiting={waiting}
            loading={book.isPending}
            failure={
              book.isError && !book.data ? <Failing what="The requests" error={book.error} retry={() => void book.refetch()} /> : null
            }
          />
          <AgentsToday />
          <LiveNow />
        </div>
        <div className="start-side">
          <UnprotectedPanel />
          <StandingPanel />
          <ThisHost />
        </div>
      </ScreenBody>
    </main>
  )
}

function Today() {
  const now = useNow()
  return (
    <time className="small third wide-only" dateTime={new Date(now).toISOString()}>
      {new Date(now).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}, {minuteWords(now)}
    </time>
  )
}

function Waiting({ waiting, loading, failure }: { waiting: readonly Approval[]; loading: boolean; failure: ReactNode }) {
  const now = useNow()
  return (
    <section className="panel" aria-label="Waiting">
      {failure}
      {loading
        ? [0, 1].map((each) => (
            <div key={each} className="need">
              <Bone width={16} height={16} />
              <Bone width="60%" />
            </div>
          ))
        : null}
      {!loading && !failure && waiting.length === 0 ? (
        <p className="panel-none">A statement that needs a person appears here by itself.</p>
      ) : null}
      <ul>
        {waiting.slice(0, MOST).map((approval) => (
          <li key={approval.id} className="need">
            <VerdictMark outcome="held" />
            <div className="fill">
              <div className="medium need-title">{approval.sentence}</div>
              <div className="meta third">
                {approval.requester.name}
                {approval.client && approval.client !== approval.requester.name ? ` with ${approval.client}` : ''} on {approval.connection}
                {approval.passkey ? (
                  <span className="need-warning">
                    <Fingerprint size={13} /> needs your passkey
                  </span>
                ) : null}
                {approval.warnings.length > 0 ? (
                  <span className="in-ask need-warning">
                    <Warn size={13} /> {firstSentence(approval.warnings[0] ?? '')}
                  </span>
                ) : null}
              </div>
            </div>
            <span className="medium in-ask">
              {approval.waiting && approval.waitUntil > now ? clockWords(approval.waitUntil - now) : 'late'}
            </span>
            <Link
              className="button little"
              to="/approvals/$id"
              params={{ id: String(approval.id) }}
              aria-label={`Review approval ${approval.id}`}
            >
              Review
            </Link>
          </li>
        ))}
      </ul>
      {waiting.length > MOST ? (
        <p className="panel-foot">
          <Link to="/approvals">{countWords(waiting.length - MOST)} more</Link>
        </p>
      ) : null}
    </section>
  )
}

function LiveNow() {
  const live = useQuery(sessionsQuery({ live: true }))
  return (
    <section className="panel" aria-label="Live now">
      <header>
        <h2 className="panel-title">Live now</h2>
        <span className="fill" />
        <Link to="/sessions" className="small">
          All sessions
        </Link>
      </header>
      {live.isPending ? (
        <div className="need">
          <Bone width={24} height={24} round />
          <Bone width="50%" />
        </div>
      ) : null}
      {live.isError && !live.data ? <Failing what="The live sessions" error={live.error} retry={() => void live.refetch()} /> : null}
      {live.data?.items.length === 0 ? (
        <p className="panel-none">
          No agent is connected. <Link to="/connect">Connect one</Link>
        </p>
      ) : null}
      <ul>
        {live.data?.items.slice(0, MOST).map((session) => (
          <li key={session.id} className="need">
            <Avatar name={session.who.name} kind={session.who.kind} />
            <div className="fill">
              <Link className="who-link medium" to="/sessions/$id" params={{ id: session.id }}>
                {session.who.name}
              </Link>
              <div className="meta third">
                {session.client && session.client !== session.who.name ? `with ${session.client} ` : ''}on {session.connection},{' '}
                <Ago at={session.startedAt} />
              </div>
            </div>
            <VerdictMix verdicts={session.verdicts} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ThisHost() {
  const health = useQuery(healthQuery)
  const detail = health.data?.detail
  const lines: readonly (readonly [string, string])[] = detail
    ? [
        ['Record', detail.recorder.writing ? 'written' : 'stands still'],
        ['Slowest write, last minute', `${detail.recorder.slowestWriteMs.toFixed(1)} ms`],
        ['Search is behind by', byteWords(detail.recorder.behindBytes)],
        ['Record on disk', byteWords(detail.recorder.journalBytes)],
        ['Version', detail.version],
      ]
    : []
  return (
    <section className="panel host" aria-label="This host">
      <header>
        <h2 className="panel-title">This host</h2>
        <span className="fill" />
        {detail ? (
          <span className="meta third">
            up since <Ago at={detail.startedAt} />
          </span>
        ) : null}
      </header>
      {health.isError && !health.data ? <Failing what="The host’s state" error={health.error} retry={() => void health.refetch()} /> : null}
      {detail?.trouble.map((words) => (
        <p key={words} className="host-line in-deny">
          <Warn />
          <span>{words}</span>
        </p>
      ))}
      {detail && detail.trouble.length === 0 ? (
        <p className="host-line">
          <span className="in-allow">
            <Check />
          </span>
          <span>All well</span>
        </p>
      ) : null}
      <dl>
        {lines.map(([what, value]) => (
          <div key={what} className="host-line">
            <dt>{what}</dt>
            <dd className="third">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
