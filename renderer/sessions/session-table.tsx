import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef } from 'react'
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

interface Props {
  readonly sessions: readonly Session[]
  readonly stale: boolean
  /** What scrolls. */
  readonly scroller: RefObject<HTMLElement | null>
  /** More can be read. */
  readonly more: (() => void) | undefined
}

const ROW = 48

/** Thousands of rows, of which those in view are drawn. Live ones are tinted. A row opens its session; its link is the person's name. */
export function SessionTable({ sessions, stale, scroller, more }: Props) {
  const navigate = useNavigate()
  const body = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)
  const near = last !== undefined && last.index >= sessions.length - 20
  useEffect(() => {
    if (near) more?.()
  }, [near, more])
  const margin = virtual.options.scrollMargin
  const above = first ? first.start - margin : 0
  const below = last ? virtual.getTotalSize() - (last.end - margin) : 0
  return (
    <div className="panel sessions" aria-busy={stale} ref={body}>
      <table aria-rowcount={sessions.length + 1}>
        <Headings />
        <tbody>
          {above > 0 ? <Spacer height={above} /> : null}
          {items.map((item) => {
            const session = sessions[item.index]
            if (!session) return null
            return (
              <tr
                key={session.id}
                data-index={item.index}
                ref={virtual.measureElement}
                aria-rowindex={item.index + 2}
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
            )
          })}
          {below > 0 ? <Spacer height={below} /> : null}
        </tbody>
      </table>
    </div>
  )
}

/** The room of rows that are not drawn. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr className="spacer">
      <td colSpan={8} style={{ height, padding: 0, border: 0 }} />
    </tr>
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
