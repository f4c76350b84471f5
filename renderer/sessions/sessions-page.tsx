import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { connectionsQuery, healthQuery, sessionsQuery } from '../api/queries.ts'
import { Cross, Search } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { Head } from '../ui/shell/head.tsx'
import { ScreenBody } from '../ui/shell/screen-body.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { countWords } from '../ui/words.ts'
import { SessionTable, SessionTableBones } from './session-table.tsx'
import './sessions.css'

/** All recorded sessions: search and filters stand in the address. */
export function SessionsPage() {
  const search = useSearch({ from: '/sessions' })
  const navigate = useNavigate({ from: '/sessions' })
  const list = useQuery(sessionsQuery(search))
  const health = useQuery(healthQuery)
  const connections = useQuery({ ...connectionsQuery, retry: false })
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.q ?? '')
  const [asked, setAsked] = useState(search.q)
  if (asked !== search.q) {
    setAsked(search.q)
    setTyped(search.q ?? '')
  }
  useKeys({ '/': () => field.current?.focus() })

  const filtered = search.q !== undefined || search.connection !== undefined || search.live === true
  const names = connections.data?.items.map((connection) => connection.name) ?? []
  const live = health.data?.detail?.liveSessions
  return (
    <main className="screen">
      <Head title="Sessions" beside={live === undefined ? null : <span className="small third">{countWords(live)} live</span>} />
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          const q = typed.trim()
          void navigate({ search: ({ q: _, after: __, ...rest }) => ({ ...rest, ...(q ? { q } : {}) }) })
        }}
      >
        <label className="search-field">
          <Search />
          <input
            ref={field}
            type="search"
            placeholder="Search statements"
            aria-label="Search statements"
            value={typed}
            maxLength={500}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <span className="cap" aria-hidden="true">
            /
          </span>
        </label>
        <Button
          look={search.live ? 'soft' : 'plain'}
          aria-pressed={search.live === true}
          onClick={() => void navigate({ search: ({ live: on, after: _, ...rest }) => (on ? rest : { ...rest, live: true }) })}
        >
          Live
          {search.live ? <Cross size={14} /> : null}
        </Button>
        {names.map((name) => (
          <Button
            key={name}
            look={search.connection === name ? 'soft' : 'plain'}
            aria-pressed={search.connection === name}
            onClick={() =>
              void navigate({ search: ({ connection, after: _, ...rest }) => (connection === name ? rest : { ...rest, connection: name }) })
            }
          >
            {name}
            {search.connection === name ? <Cross size={14} /> : null}
          </Button>
        ))}
        <span className="fill" />
        <span className="meta third wide-only">The search looks in statements, never in values</span>
      </form>
      <ScreenBody className="sessions-body">
        {list.isError && list.data ? (
          <div className="notice tone-deny" role="alert">
            {wordsOf(list.error)} The rows below may be old.
          </div>
        ) : null}
        {list.isPending ? (
          <SessionTableBones />
        ) : list.isError && !list.data ? (
          <Failing what="The sessions" error={list.error} retry={() => void list.refetch()} />
        ) : list.data && list.data.items.length > 0 ? (
          <SessionTable sessions={list.data.items} stale={list.isPlaceholderData} />
        ) : filtered ? (
          <Empty title="No session matches" action={<Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>}>
            {search.q ? `No recorded statement holds “${search.q}”.` : 'None fits the filters.'}
          </Empty>
        ) : (
          <Empty title="No session yet" action={<Button onClick={() => void navigate({ to: '/connect' })}>Connect an agent</Button>}>
            Every connection through Sallyport is recorded and appears here.
          </Empty>
        )}
        {list.data && (list.data.next !== null || search.after) ? (
          <nav className="pages" aria-label="Pages">
            <Button disabled={!search.after} onClick={() => void navigate({ search: ({ after: _, ...rest }) => rest })}>
              Newest
            </Button>
            <span className="fill meta third">{countWords(list.data.items.length)} on this page</span>
            <Button
              disabled={list.data.next === null}
              onClick={() => void navigate({ search: (before) => ({ ...before, after: list.data.next ?? '' }) })}
            >
              Older
            </Button>
          </nav>
        ) : null}
      </ScreenBody>
    </main>
  )
}
