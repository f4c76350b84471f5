import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { activityQuery, bookQuery, DAY_STEP, meQuery, recentQuery, standingQuery, startOfToday } from '../api/queries.ts'
import { useLink } from '../api/stream.ts'
import { Keyboard } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Empty, Failing } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { countWords, nounWords } from '../ui/words.ts'
import { decidedIn, emptyBook, waitingIn } from './book.ts'
import { CardLoader } from './card-loader.tsx'
import { InboxList } from './inbox-list.tsx'
import { LostBar } from './lost-bar.tsx'
import { NotifyButton } from './notifications.tsx'
import { ApprovalPopUp } from './pop-up.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { StandingList } from './standing-list.tsx'
import './approvals.css'

/** What waits for a person, and the one that is being looked at; in a small window, that one alone. */
export function ApprovalsPage() {
  const { popup } = useSearch({ from: '/approvals' })
  return popup ? <ApprovalPopUp /> : <ApprovalsInbox />
}

function ApprovalsInbox() {
  const { id } = useParams({ strict: false })
  const { view } = useSearch({ from: '/approvals' })
  const navigate = useNavigate()
  const narrow = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false })
  const book = useQuery(bookQuery)
  useQuery(recentQuery(view === 'decided' ? 100 : 20))
  const me = useQuery(meQuery)
  const link = useLink()
  const [helping, help] = useDisclosure(false)
  const waiting = waitingIn(book.data ?? emptyBook)
  const decided = decidedIn(book.data ?? emptyBook)
  const standing = useQuery(standingQuery)
  const listed = view === 'standing' ? [] : view === 'decided' ? decided : [...waiting, ...decided.slice(0, 6)]
  const chosen = id === undefined ? undefined : Number(id)

  const to = (next: number) => ({
    to: '/approvals/$id' as const,
    params: { id: String(next) },
    search: view === undefined ? {} : { view },
    replace: chosen !== undefined && !narrow,
  })
  const open = (next: number) => void navigate(to(next))
  const close = () => void navigate({ to: '/approvals', search: view === undefined ? {} : { view } })
  const first = listed[0]?.id
  useEffect(() => {
    if (!narrow && chosen === undefined && first !== undefined)
      void navigate({ to: '/approvals/$id', params: { id: String(first) }, search: view === undefined ? {} : { view }, replace: true })
  }, [narrow, chosen, first, view, navigate])

  const step = (by: number) => {
    const at = listed.findIndex((approval) => approval.id === chosen)
    const next = at < 0 ? listed[0] : listed[at + by]
    if (next) open(next.id)
  }
  useKeys({ j: () => step(1), k: () => step(-1), '?': help.open, ...(narrow ? { Escape: close } : {}) })

  const activity = useQuery({ ...activityQuery(startOfToday(), DAY_STEP), enabled: book.data !== undefined && waiting.length === 0 })
  const today = activity.data?.buckets.reduce((sum, bucket) => sum + bucket.statements - bucket.held - bucket.denied, 0)
  const nextWaiting = waiting.find((approval) => approval.id !== chosen)
  const count = waiting.length > 0 ? `(${countWords(waiting.length)}) ` : ''
  const showsCard = !narrow || chosen !== undefined
  const showsList = !narrow || chosen === undefined
  return (
    <main className="screen">
      <Head title="Approvals" tab={`${count}Approvals`} beside={link.state === 'live' ? <LiveMark /> : null}>
        <Button look="ghost" icon={<Keyboard />} keyCap="?" onClick={help.open} className="wide-only">
          Shortcuts
        </Button>
        <NotifyButton />
      </Head>
      <LostBar />
      <div className="inbox">
        {showsList ? (
          <section className="inbox-side" aria-label="Requests">
            <div className="inbox-tools">
              <nav className="segments" aria-label="Which requests">
                <Link to="/approvals" search={{}} className={view === undefined ? 'on' : ''}>
                  Waiting {waiting.length > 0 ? <b>{countWords(waiting.length)}</b> : null}
                </Link>
                <Link to="/approvals" search={{ view: 'decided' }} className={view === 'decided' ? 'on' : ''}>
                  Decided
                </Link>
                <Link to="/approvals" search={{ view: 'standing' }} className={view === 'standing' ? 'on' : ''}>
                  Standing {standing.data && standing.data.items.length > 0 ? <b>{countWords(standing.data.items.length)}</b> : null}
                </Link>
              </nav>
            </div>
            {view === 'standing' ? (
              narrow ? (
                <StandingList />
              ) : (
                <p className="inbox-none">Statements that people approved in advance, for one agent each.</p>
              )
            ) : book.isError && !book.data ? (
              <Failing what="The requests" error={book.error} retry={() => void book.refetch()} />
            ) : (
              <InboxList
                waiting={view === 'decided' ? [] : waiting}
                decided={view === 'decided' ? decided : decided.slice(0, 6)}
                onlyDecided={view === 'decided'}
                loading={book.isPending}
                chosen={chosen}
                lost={link.state === 'lost'}
                me={me.data}
                to={to}
              />
            )}
          </section>
        ) : null}
        {showsCard ? (
          <div className="inbox-card">
            {view === 'standing' && chosen === undefined ? (
              <StandingList />
            ) : chosen === undefined ? (
              book.isPending ? null : (
                <Empty title={view === 'decided' ? 'Nothing has been decided yet' : 'Nothing is waiting'}>
                  {view === 'decided'
                    ? 'Requests appear here once someone approves or denies them.'
                    : today === undefined || today === 0
                      ? 'A statement that needs a person appears here by itself.'
                      : `Agents ran ${nounWords(today, 'statement')} today without needing you.`}
                </Empty>
              )
            ) : (
              <CardLoader
                key={chosen}
                id={chosen}
                me={me.data}
                next={nextWaiting ? () => open(nextWaiting.id) : undefined}
                {...(narrow ? { back: close } : {})}
              />
            )}
          </div>
        ) : null}
      </div>
      <Shortcuts opened={helping} onClose={help.close} />
    </main>
  )
}

function LiveMark() {
  return (
    <span className="row meta third live-mark">
      <span className="live-dot" />
      Live
    </span>
  )
}
