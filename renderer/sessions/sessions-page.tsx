import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useRef } from 'react'
import { healthQuery, sessionPagesQuery, sessionsQuery, statementPagesQuery } from '../api/queries.ts'
import { useLink } from '../api/stream.ts'
import { LostBar } from '../approvals/lost-bar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { countWords, nounWords } from '../ui/words.ts'
import { SessionFilters } from './session-filters.tsx'
import { SessionTable, SessionTableBones } from './session-table.tsx'
import { StatementHits } from './statement-hits.tsx'
import './sessions.css'

/** All recorded sessions: search and filters stand in the address. */
export function SessionsPage() {
  const { by, ...search } = useSearch({ from: '/sessions' })
  const navigate = useNavigate({ from: '/sessions' })
  const byStatement = by === 'statement' && search.q !== undefined
  const pages = useInfiniteQuery({ ...sessionPagesQuery(search), enabled: !byStatement })
  const hits = useInfiniteQuery({ ...statementPagesQuery(search), enabled: byStatement })
  const filtered = Object.keys(search).length > 0
  // Live ones stand above all others while nothing is asked for.
  const live = useQuery({ ...sessionsQuery({ live: true }), enabled: !filtered })
  const health = useQuery(healthQuery)
  const link = useLink()
  const field = useRef<HTMLInputElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const sessions = useMemo(() => {
    const all = pages.data?.pages.flatMap((page) => page.items) ?? []
    const pinned = filtered ? [] : (live.data?.items ?? []).filter((session) => session.live)
    const ids = new Set(pinned.map((session) => session.id))
    return [...pinned, ...all.filter((session) => !ids.has(session.id))]
  }, [pages.data, live.data, filtered])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const step = (by: number) => {
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>('.who-name, .hit-row') ?? [])]
    const here = document.activeElement instanceof HTMLElement ? rows.indexOf(document.activeElement) : -1
    rows[here < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, here + by))]?.focus()
  }
  useKeys({ '/': () => field.current?.focus(), j: () => step(1), k: () => step(-1) })

  const list = byStatement ? hits : pages
  const liveNow = health.data?.detail?.liveSessions
  return (
    <main className="screen">
      <Head title="Sessions" beside={liveNow === undefined ? null : <span className="small third">{countWords(liveNow)} live</span>} />
      {link.state === 'lost' ? <LostBar words="Connection lost: these sessions may have gone on." /> : null}
      <SessionFilters field={field} />
      {search.q === undefined ? null : (
        <nav className="hits-nav" aria-label="What to list">
          <span className="segments">
            <Link from="/sessions" search={({ by: _, ...rest }) => rest} className={byStatement ? '' : 'on'}>
              Sessions
            </Link>
            <Link from="/sessions" search={(before) => ({ ...before, by: 'statement' as const })} className={byStatement ? 'on' : ''}>
              Statements
            </Link>
          </span>
          <span className="meta third">The search looks in statements, never in values</span>
        </nav>
      )}
      <ScreenBody className="sessions-body" ref={scroller}>
        {list.isError && list.data ? (
          <div className="notice tone-deny" role="alert">
            {wordsOf(list.error)} The rows below may be old.
          </div>
        ) : null}
        {list.isPending ? (
          <SessionTableBones />
        ) : list.isError && !list.data ? (
          <Failing what="The sessions" error={list.error} retry={() => void list.refetch()} />
        ) : byStatement && hits.data?.pages.some((page) => page.items.length > 0) ? (
          <StatementHits
            hits={hits.data.pages.flatMap((page) => page.items)}
            more={hits.hasNextPage ? () => void hits.fetchNextPage() : undefined}
          />
        ) : !byStatement && sessions.length > 0 ? (
          <SessionTable
            sessions={sessions}
            stale={pages.isPlaceholderData}
            scroller={scroller}
            more={hasNextPage && !isFetchingNextPage ? more : undefined}
          />
        ) : filtered ? (
          <Empty title="No session matches" action={<Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>}>
            {search.q ? `No recorded statement holds “${search.q}”.` : 'None fits the filters.'}
          </Empty>
        ) : (
          <Empty title="No session yet" action={<Button onClick={() => void navigate({ to: '/connect' })}>Connect an agent</Button>}>
            Every connection through Sallyport is recorded and appears here.
          </Empty>
        )}
        {!byStatement && sessions.length > 0 ? (
          <p className="sessions-foot meta third" role="status">
            {isFetchingNextPage
              ? 'Reading older ones…'
              : hasNextPage
                ? `${countWords(sessions.length)} so far; scroll for older ones`
                : `${nounWords(sessions.length, 'session')}, all that there are`}
          </p>
        ) : null}
      </ScreenBody>
    </main>
  )
}
