import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { CallFailed } from '../api/call.ts'
import { eventsQuery, sessionQuery } from '../api/queries.ts'
import { Back, Download, Stop } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { useKeys } from '../ui/use-keys.ts'
import { assemble } from './assemble.ts'
import { EndSession } from './end-session.tsx'
import { SessionHead } from './session-head.tsx'
import { StatementList } from './statement-list.tsx'
import { StatementView } from './statement-view.tsx'
import { TimelineStrip } from './timeline-strip.tsx'
import './sessions.css'
import './session.css'

/** What the agent did and saw, statement by statement. */
export function SessionPage() {
  const { id } = useParams({ from: '/sessions/$id' })
  const { statement: asked } = useSearch({ from: '/sessions/$id' })
  const navigate = useNavigate({ from: '/sessions/$id' })
  const session = useQuery(sessionQuery(id))
  const events = useQuery(eventsQuery(id))
  const record = useMemo(() => assemble(events.data?.items ?? []), [events.data])
  const narrow = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false })
  const now = useNow()
  const [ending, end] = useDisclosure(false)
  const { statements } = record
  const chosen = asked ?? (narrow ? undefined : statements[0]?.number)
  const shown = statements.find((statement) => statement.number === chosen)
  const choose = (number: number | undefined) =>
    void navigate({ search: number === undefined ? {} : { statement: number }, replace: !narrow })
  const step = (by: number) => {
    const next = statements[statements.findIndex((statement) => statement.number === chosen) + by]
    if (next) choose(next.number)
  }
  useKeys({ j: () => step(1), k: () => step(-1), Escape: () => (narrow && asked ? choose(undefined) : void navigate({ to: '/sessions' })) })

  if (session.error instanceof CallFailed && session.error.status === 404)
    return (
      <main className="screen">
        <Empty whole title="There is no such session" action={<Link to="/sessions">All sessions</Link>}>
          Its record may have been kept long enough and removed.
        </Empty>
      </main>
    )
  if (session.isError && !session.data)
    return (
      <main className="screen">
        <Failing whole what="The session" error={session.error} retry={() => void session.refetch()} />
      </main>
    )
  const growing = session.data?.live === true
  return (
    <main className="screen">
      <header className="head session-head">
        <Link to="/sessions" className="button ghost square" aria-label="All sessions">
          <Back />
        </Link>
        {session.data ? (
          <>
            <Avatar name={session.data.who.name} kind={session.data.who.kind} />
            <SessionHead session={session.data} />
          </>
        ) : (
          <Bone width={260} height={20} />
        )}
        <span className="fill" />
        {session.data?.mayTerminate && growing ? (
          <Button look="deny" icon={<Stop />} onClick={end.open}>
            End session…
          </Button>
        ) : null}
        <a className="button wide-only" href={`/api/sessions/${encodeURIComponent(id)}/export`} download>
          <Download />
          Export
        </a>
      </header>
      {narrow && shown ? null : <TimelineStrip statements={statements} chosen={chosen} now={growing ? now : 0} choose={choose} />}
      {events.isError && !events.data ? (
        <Failing what="The record" error={events.error} retry={() => void events.refetch()} />
      ) : (
        <div className="session-cols">
          {narrow && shown ? null : (
            <StatementList
              statements={statements}
              notes={record.notes}
              loading={events.isPending}
              chosen={chosen}
              choose={choose}
              more={Math.max(0, (events.data?.total ?? 0) - (events.data?.items.length ?? 0))}
            />
          )}
          {narrow && !shown ? null : (
            <div className="session-statement">
              {shown ? (
                <StatementView statement={shown} {...(narrow ? { back: () => choose(undefined) } : {})} />
              ) : events.isPending ? null : (
                <Empty title={statements.length === 0 ? 'Nothing was run' : 'There is no such statement'}>
                  {statements.length === 0
                    ? growing
                      ? 'Statements appear here as the agent sends them.'
                      : 'The session ended without a statement.'
                    : undefined}
                </Empty>
              )}
            </div>
          )}
        </div>
      )}
      {session.data ? <EndSession session={session.data} opened={ending} onClose={end.close} /> : null}
    </main>
  )
}
