import { Link, useNavigate } from '@tanstack/react-router'
import type { Session } from '../../main/contract/index.ts'
import { Avatar } from '../ui/parts/avatar.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { Bone } from '../ui/parts/screen-state.tsx'
import { Ago } from '../ui/time/ago.tsx'
import { durationWords } from '../ui/time/words.ts'
import { countWords } from '../ui/words.ts'
import { Excerpt } from './excerpt.tsx'
import { VerdictMix } from './verdict-mix.tsx'

function Headings() {
  return (
    <thead>
      <tr>
        <th scope="col" className="tight">
          <span className="unseen">Live</span>
        </th>
        <th scope="col">Person and agent</th>
        <th scope="col">Connection</th>
        <th scope="col">Started</th>
        <th scope="col" className="right">
          Lasted
        </th>
        <th scope="col">Statements by verdict</th>
        <th scope="col" className="right">
          Rows
        </th>
        <th scope="col" className="right">
          Masked
        </th>
      </tr>
    </thead>
  )
}

/** Live ones are pinned by the host's order and tinted here. A row opens its session; its link is the person's name. */
export function SessionTable({ sessions, stale }: { sessions: readonly Session[]; stale: boolean }) {
  const navigate = useNavigate()
  return (
    <div className="panel sessions" aria-busy={stale}>
      <table>
        <Headings />
        <tbody>
          {sessions.map((session) => (
            <tr
              key={session.id}
              className={session.live ? 'live' : ''}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest('a')) return
                void navigate({ to: '/sessions/$id', params: { id: session.id } })
              }}
            >
              <td className="tight">{session.live ? <span className="live-dot" role="img" aria-label="live" /> : null}</td>
              <td className="who">
                <div className="row">
                  <Avatar name={session.who.name} kind={session.who.kind} />
                  <div className="fill">
                    <Link className="who-name medium cut" to="/sessions/$id" params={{ id: session.id }}>
                      {session.who.name}
                    </Link>
                    <div className="meta third cut">
                      {session.excerpt ? <Excerpt text={session.excerpt} /> : <AgentLine session={session} />}
                    </div>
                  </div>
                </div>
              </td>
              <td data-head="Connection">{session.connection}</td>
              <td data-head="Started" className="nowrap">
                <Ago at={session.startedAt} />
              </td>
              <td data-head="Lasted" className="right nowrap">
                {session.live ? 'live' : durationWords((session.endedAt ?? session.startedAt) - session.startedAt)}
              </td>
              <td data-head="Statements">
                <VerdictMix verdicts={session.verdicts} />
              </td>
              <td data-head="Rows" className="right">
                {countWords(session.rows)}
              </td>
              <td data-head="Masked" className="right">
                {countWords(session.masked)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function AgentLine({ session }: { session: Session }) {
  return (
    <>
      {session.client && session.client !== session.who.name ? `${session.client} · ` : ''}
      {session.application === '' ? (
        'gives no name'
      ) : (
        <>
          “<ForeignText>{session.application}</ForeignText>”
        </>
      )}
    </>
  )
}

export function SessionTableBones() {
  return (
    <div className="panel sessions" aria-busy="true">
      <span className="unseen">Loading the sessions</span>
      <table aria-hidden="true">
        <Headings />
        <tbody>
          {[0, 1, 2, 3, 4, 5, 6, 7].map((each) => (
            <tr key={each}>
              <td className="tight" />
              <td className="who">
                <div className="row">
                  <Bone width={24} height={24} round />
                  <Bone width={130} />
                </div>
              </td>
              <td>
                <Bone width={40} />
              </td>
              <td>
                <Bone width={70} />
              </td>
              <td className="right">
                <Bone width={40} />
              </td>
              <td>
                <Bone width={150} height={8} />
              </td>
              <td className="right">
                <Bone width={40} />
              </td>
              <td className="right">
                <Bone width={20} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
