import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound, PageBroke, PagePending } from './ui/shell/page-states.tsx'
import { Root } from './ui/shell/root.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined)

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./start/start-page.tsx'), 'StartPage'),
})

export interface ApprovalsSearch {
  readonly view?: 'decided' | 'standing'
  /** The card alone, for a small window. */
  readonly popup?: boolean
}
const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  validateSearch: (search: Record<string, unknown>): ApprovalsSearch => {
    const { view } = search
    const popup = search['popup'] === 1 || search['popup'] === true
    return { ...(view === 'decided' || view === 'standing' ? { view } : {}), ...(popup ? { popup } : {}) }
  },
  component: lazyRouteComponent(() => import('./approvals/approvals-page.tsx'), 'ApprovalsPage'),
})
const approval = createRoute({ getParentRoute: () => approvals, path: '$id' })

export interface SessionsSearch {
  readonly q?: string
  readonly connection?: string
  readonly person?: string
  readonly verdict?: 'allow' | 'ask' | 'deny'
  /** Only of the last so many days. */
  readonly days?: number
  readonly live?: boolean
  /** Single statements instead of sessions. */
  readonly by?: 'statement'
}
const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: (search: Record<string, unknown>): SessionsSearch => {
    const q = text(search['q'])
    const connection = text(search['connection'])
    const person = text(search['person'])
    const { verdict } = search
    const days = Number(search['days'])
    return {
      ...(q ? { q } : {}),
      ...(connection ? { connection } : {}),
      ...(person ? { person } : {}),
      ...(verdict === 'allow' || verdict === 'ask' || verdict === 'deny' ? { verdict } : {}),
      ...(Number.isInteger(days) && days > 0 && days <= 3660 ? { days } : {}),
      ...(search['live'] === true ? { live: true } : {}),
      ...(search['by'] === 'statement' ? { by: 'statement' } : {}),
    }
  },
  component: lazyRouteComponent(() => import('./sessions/sessions-page.tsx'), 'SessionsPage'),
})

export interface SessionSearch {
  readonly statement?: number
  /** The moment, in seconds from the session's first statement. */
  readonly t?: number
}
const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id',
  validateSearch: (search: Record<string, unknown>): SessionSearch => {
    const statement = Number(search['statement'])
    const t = Number(search['t'])
    return {
      ...(Number.isInteger(statement) && statement > 0 ? { statement } : {}),
      ...(search['t'] !== undefined && Number.isFinite(t) && t >= 0 ? { t } : {}),
    }
  },
  component: lazyRouteComponent(() => import('./sessions/session-page.tsx'), 'SessionPage'),
})

export interface PoliciesSearch {
  readonly view?: 'yaml' | 'tests' | 'versions'
}
const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  validateSearch: ({ view }: Record<string, unknown>): PoliciesSearch =>
    view === 'yaml' || view === 'tests' || view === 'versions' ? { view } : {},
  component: lazyRouteComponent(() => import('./policies/policies-page.tsx'), 'PoliciesPage'),
})
export interface MaskingSearch {
  readonly view?: 'labels' | 'patterns'
  readonly connection?: string
  /** `public.customers`. */
  readonly table?: string
}
const masking = createRoute({
  getParentRoute: () => root,
  path: '/masking',
  validateSearch: (search: Record<string, unknown>): MaskingSearch => {
    const { view } = search
    const connection = text(search['connection'])
    const table = text(search['table'])
    return {
      ...(view === 'labels' || view === 'patterns' ? { view } : {}),
      ...(connection ? { connection } : {}),
      ...(table ? { table } : {}),
    }
  },
  component: lazyRouteComponent(() => import('./masking/masking-page.tsx'), 'MaskingPage'),
})
const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  component: lazyRouteComponent(() => import('./connections/connections-page.tsx'), 'ConnectionsPage'),
})
const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
})

export interface AuditSearch {
  readonly act?: string
  readonly outcome?: 'done' | 'refused' | 'failed'
  readonly person?: string
}
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditSearch => {
    const act = text(search['act'])
    const person = text(search['person'])
    const { outcome } = search
    return {
      ...(act ? { act } : {}),
      ...(outcome === 'done' || outcome === 'refused' || outcome === 'failed' ? { outcome } : {}),
      ...(person ? { person } : {}),
    }
  },
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
})
const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./health/health-page.tsx'), 'HealthPage'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
})
const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  component: lazyRouteComponent(() => import('./connect/connect-page.tsx'), 'ConnectPage'),
})
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./set-up/set-up-page.tsx'), 'SetUpPage'),
})
/** Where the host sends a person back to: the same page, after signing in or out. */
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in' })

/** All pages, by address. Each screen is fetched when it is first opened. */
export function createPages() {
  return createRouter({
    routeTree: root.addChildren([
      start,
      approvals.addChildren([approval]),
      sessions,
      session,
      policies,
      masking,
      connections,
      people,
      audit,
      health,
      settings,
      connect,
      setUp,
      signIn,
    ]),
    defaultPreload: 'intent',
    defaultPendingComponent: PagePending,
    defaultPendingMs: 150,
    defaultErrorComponent: PageBroke,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>
  }
}
