import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Me } from '../../../main/contract/index.ts'
import { bookQuery, healthQuery } from '../../api/queries.ts'
import { waitingIn } from '../../approvals/book.ts'
import { Activity, Database, Gear, History, Home, Inbox, Log, Mark, MaskGlyph, Plug, Scale, Users } from '../icons.tsx'
import { countWords } from '../words.ts'
import { SchemeSwitch } from './scheme-switch.tsx'
import { SignedIn } from './signed-in.tsx'

type Page =
  | '/'
  | '/approvals'
  | '/sessions'
  | '/policies'
  | '/masking'
  | '/connections'
  | '/people'
  | '/audit'
  | '/health'
  | '/settings'
  | '/connect'

function Item({ to, icon, children, end }: { to: Page; icon: ReactNode; children: string; end?: ReactNode }) {
  const { pathname } = useLocation()
  const here = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)
  return (
    <Link to={to} className={here ? 'nav-item here' : 'nav-item'} title={children} {...(here ? { 'aria-current': 'page' } : {})}>
      {icon}
      <span className="nav-word">{children}</span>
      {end}
    </Link>
  )
}

/** The pages, with what waits and what runs. */
export function Nav({ me, inDrawer = false }: { me: Me; inDrawer?: boolean }) {
  const book = useQuery(bookQuery)
  const health = useQuery(healthQuery)
  const waiting = book.data ? waitingIn(book.data).length : 0
  const live = health.data?.detail?.liveSessions ?? 0
  return (
    <nav className={inDrawer ? 'nav in-drawer' : 'nav'} aria-label={inDrawer ? 'Menu' : 'Main'}>
      {inDrawer ? null : (
        <div className="brand">
          <Mark />
          <span className="nav-word">Sallyport</span>
        </div>
      )}
      <Item to="/" icon={<Home />}>
        Start
      </Item>
      <Item
        to="/approvals"
        icon={<Inbox />}
        end={
          waiting > 0 ? (
            <span className="count nav-end">
              {countWords(waiting)}
              <span className="unseen"> waiting</span>
            </span>
          ) : null
        }
      >
        Approvals
      </Item>
      <Item
        to="/sessions"
        icon={<History />}
        end={live > 0 ? <span className="nav-end nav-word meta third">{countWords(live)} live</span> : null}
      >
        Sessions
      </Item>
      <div className="nav-gap" />
      <Item to="/policies" icon={<Scale />}>
        Policies
      </Item>
      <Item to="/masking" icon={<MaskGlyph />}>
        Masking
      </Item>
      <Item to="/connections" icon={<Database />}>
        Connections
      </Item>
      <Item
        to="/people"
        icon={<Users />}
        end={health.data?.detail?.agentsPaused ? <span className="nav-end nav-word meta in-ask">paused</span> : null}
      >
        People and agents
      </Item>
      <div className="nav-gap" />
      <Item to="/audit" icon={<Log />}>
        Audit
      </Item>
      <Item to="/health" icon={<Activity />}>
        Health
      </Item>
      <Item to="/settings" icon={<Gear />}>
        Settings
      </Item>
      <div className="nav-foot">
        <Item to="/connect" icon={<Plug />}>
          Connect an agent
        </Item>
        <SchemeSwitch />
        <SignedIn me={me} />
      </div>
    </nav>
  )
}
