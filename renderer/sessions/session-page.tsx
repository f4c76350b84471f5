import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { CallFailed } from '../api/call.ts'
import { sessionQuery } from '../api/queries.ts'
import { Back, Download, Stop, Warn } from '../ui/icons.tsx'
import { Avatar } from '../ui/parts/avatar.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Empty, Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { countWords } from '../ui/words.ts'
import { EndSession } from './end-session.tsx'
import { CopyLink } from './replay/copy-link.tsx'
import { ProofBadge, useProof } from './replay/proof-badge.tsx'
import { Replay } from './replay/replay.tsx'
import { useScenes } from './replay/use-scenes.ts'
import { SessionHead } from './session-head.tsx'
import './sessions.css'
import './session.css'

/** What the agent did and saw, as a film. */
export function SessionPage() {
  const { id } = useParams({ from: '/sessions/$id' })
  const session = useQuery(sessionQuery(id))
  const [retries, setRetries] = useState(0)
  const live = session.data?.live === true
  const { book, reading, error } = useScenes(id, session.data?.events, session.data !== undefined && !live, retries)
  const [ending, end] = useDisclosure(false)
  const check = useProof(session.data)
  const { fault, signedAt } = check.proof.data ?? {}

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
  const exportUrl = `/api/sessions/${encodeURIComponent(id)}/export`
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
        {session.data ? <ProofBadge {...check} events={session.data.events} /> : null}
        <CopyLink />
        {session.data?.mayTerminate && live ? (
          <Button look="deny" icon={<Stop />} onClick={end.open}>
            End session…
          </Button>
        ) : null}
        <a className="button wide-only" href={exportUrl} download title="Everything, as a bundle that proves itself (JSON Lines)">
          <Download />
          Export
        </a>
        <a
          className="button wide-only"
          href={`${exportUrl}?format=csv`}
          download
          title="The list of statements, for a spreadsheet"
          aria-label="Export as CSV"
        >
          CSV
        </a>
      </header>
      {fault ? (
        <div className="notice tone-deny" role="alert">
          <Warn />
          <div>
            <span className="medium">
              Event {countWords(fault.seq)} of {countWords(check.proof.data?.events ?? 0)} does not match its chain:
            </span>{' '}
            {fault.text} What stands before it is proved; it and what follows cannot be trusted.
            {signedAt === null ? ' Nothing signs it.' : ''}
          </div>
          <a className="nowrap" href={exportUrl} download>
            Export for the auditor
          </a>
        </div>
      ) : null}
      {error !== undefined && book.scenes.length > 0 ? (
        <div className="notice tone-ask" role="alert">
          <Warn />
          <span>The record could not be read to its end: {wordsOf(error)}</span>
          <button type="button" className="link" onClick={() => setRetries(retries + 1)}>
            Try again
          </button>
        </div>
      ) : null}
      {error !== undefined && book.scenes.length === 0 ? (
        <Failing what="The record" error={error} retry={() => setRetries(retries + 1)} />
      ) : (
        <Replay key={id} id={id} book={book} reading={reading || session.isPending} session={session.data} />
      )}
      {session.data ? <EndSession session={session.data} opened={ending} onClose={end.close} /> : null}
    </main>
  )
}
