import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Session } from '../../main/contract/index.ts'
import { type Book, emptyBook, hear, read } from '../approvals/book.ts'
import { CallFailed, call, sendWithChanges } from './call.ts'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await call('me', { signal })
    sendWithChanges(me.csrf)
    return me
  },
  staleTime: 60_000,
})

export const signInQuery = queryOptions({ queryKey: ['sign-in'], queryFn: ({ signal }) => call('signIn', { signal }), staleTime: 60_000 })
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => call('health', { signal }),
  refetchInterval: 30_000,
})
export const policiesQuery = queryOptions({ queryKey: ['policies'], queryFn: ({ signal }) => call('policies', { signal }) })
export const maskingQuery = queryOptions({ queryKey: ['masking'], queryFn: ({ signal }) => call('masking', { signal }) })
export const connectionsQuery = queryOptions({ queryKey: ['connections'], queryFn: ({ signal }) => call('connections', { signal }) })

const bookKey = ['approvals', 'book'] as const

/** Everything pending, merged with what the stream has said since. */
export const bookQuery = queryOptions({
  queryKey: bookKey,
  queryFn: async ({ client, signal }): Promise<Book> => {
    const before = client.getQueryData<Book>(bookKey) ?? emptyBook
    const items = await listPending(signal)
    const merged = read(client.getQueryData<Book>(bookKey) ?? emptyBook, items, before.tick)
    const found = await Promise.all(merged.unsure.map((id) => readOne(id, signal)))
    let book = read(client.getQueryData<Book>(bookKey) ?? emptyBook, items, before.tick).book
    for (const approval of found) if (approval) book = hear(book, approval)
    return book
  },
})

async function listPending(signal: AbortSignal) {
  const items = []
  for (let after: string | undefined; ; ) {
    const page = await call('listApprovals', { query: { state: 'pending', limit: 200, ...(after ? { after } : {}) }, signal })
    items.push(...page.items)
    if (page.next === null) return items
    after = page.next
  }
}

async function readOne(id: number, signal: AbortSignal) {
  return call('readApproval', { params: { id }, signal }).catch((error: unknown) => {
    if (error instanceof CallFailed && error.status === 404) return undefined
    throw error
  })
}

/** One approval became known, by the stream or as the answer to a decision. */
export function learnApproval(client: QueryClient, approval: Parameters<typeof hear>[1]): void {
  client.setQueryData<Book>(bookKey, (book) => hear(book ?? emptyBook, approval))
}

export const approvalQuery = (id: number) =>
  queryOptions({
    queryKey: ['approvals', 'one', id],
    queryFn: async ({ client, signal }) => {
      const approval = await call('readApproval', { params: { id }, signal })
      learnApproval(client, approval)
      return approval
    },
  })

export interface SessionFilter {
  readonly q?: string | undefined
  readonly connection?: string | undefined
  readonly person?: string | undefined
  readonly verdict?: 'allow' | 'ask' | 'deny' | undefined
  /** Only of the last so many days, today counting as one. */
  readonly days?: number | undefined
  readonly live?: boolean | undefined
}

const SESSIONS_PER_PAGE = 100

function askFor({ q, connection, person, verdict, days }: SessionFilter) {
  return {
    limit: SESSIONS_PER_PAGE,
    ...(q ? { q } : {}),
    ...(connection ? { connection } : {}),
    ...(person ? { person } : {}),
    ...(verdict ? { verdict } : {}),
    ...(days ? { from: startOfToday() - (days - 1) * 86_400_000 } : {}),
  }
}

/** The first sessions that fit. */
export const sessionsQuery = (filter: SessionFilter) =>
  queryOptions({
    queryKey: ['sessions', 'list', filter],
    queryFn: ({ signal }) => call('listSessions', { query: { ...askFor(filter), ...(filter.live ? { live: 'true' } : {}) }, signal }),
    placeholderData: (before) => before,
  })

/** All that fit, read as far as someone scrolls. */
export const sessionPagesQuery = (filter: SessionFilter) =>
  infiniteQueryOptions({
    queryKey: ['sessions', 'pages', filter],
    queryFn: ({ signal, pageParam }) =>
      call('listSessions', {
        query: { ...askFor(filter), ...(filter.live ? { live: 'true' } : {}), ...(pageParam ? { after: pageParam } : {}) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
  })

/** Statements over all sessions, newest first, as far as someone scrolls. */
export const statementPagesQuery = (filter: SessionFilter) =>
  infiniteQueryOptions({
    queryKey: ['statements', filter],
    queryFn: ({ signal, pageParam }) =>
      call('listStatements', { query: { ...askFor(filter), ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
  })

export const sessionQuery = (id: string) =>
  queryOptions({ queryKey: ['sessions', 'one', id], queryFn: ({ signal }) => call('readSession', { params: { id }, signal }) })

interface SessionPage {
  readonly items: Session[]
  readonly next: string | null
}

/** A session changed: its row is put in place everywhere. False when no list knows it, so that it is a new one. */
export function learnSession(client: QueryClient, session: Session): boolean {
  let known = false
  const inPage = (page: SessionPage): SessionPage => {
    if (!page.items.some((item) => item.id === session.id)) return page
    known = true
    return { ...page, items: page.items.map((item) => (item.id === session.id ? { ...session, excerpt: item.excerpt } : item)) }
  }
  client.setQueriesData<SessionPage>({ queryKey: ['sessions', 'list'] }, (list) => list && inPage(list))
  client.setQueriesData<InfiniteData<SessionPage>>(
    { queryKey: ['sessions', 'pages'] },
    (data) => data && { ...data, pages: data.pages.map(inPage) },
  )
  return known
}

/** The latest approvals of any state; the inbox shows those that are over. */
export const recentQuery = (limit: number) =>
  queryOptions({
    queryKey: ['approvals', 'recent', limit],
    queryFn: async ({ client, signal }) => {
      const page = await call('listApprovals', { query: { order: 'newest', limit }, signal })
      for (const approval of page.items) learnApproval(client, approval)
      return page.items.length
    },
  })

/** What people approved in advance and still stands. */
export const standingQuery = queryOptions({
  queryKey: ['approvals', 'standing'],
  queryFn: ({ signal }) => call('listStanding', { query: { limit: 200 }, signal }),
  refetchInterval: 30_000,
})

/** Bars of the start page: an hour, in milliseconds. */
export const DAY_STEP = 3_600_000

/** Midnight here. Milliseconds since the epoch. */
export const startOfToday = () => new Date().setHours(0, 0, 0, 0)

/** How statements ended since a moment, in stretches of `step` milliseconds. */
export const activityQuery = (from: number, step: number) =>
  queryOptions({
    queryKey: ['activity', from, step],
    queryFn: ({ signal }) => call('activity', { query: { from, step }, signal }),
    refetchInterval: 60_000,
  })

/** A session's chain, computed again by the host. `events`: of one that runs, what has been checked is soon not all. */
export const proofQuery = (id: string, events: number | undefined) =>
  queryOptions({
    queryKey: ['proof', id],
    queryFn: ({ signal }) => call('proof', { params: { id }, signal }),
    staleTime: events === undefined ? Number.POSITIVE_INFINITY : 0,
    refetchOnWindowFocus: false,
    retry: false,
  })

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => call('listAgents', { signal }),
  refetchInterval: 15_000,
})
export const configurationQuery = queryOptions({
  queryKey: ['configuration'],
  queryFn: ({ signal }) => call('readConfiguration', { signal }),
})
export const evidenceQuery = queryOptions({ queryKey: ['evidence'], queryFn: ({ signal }) => call('evidence', { signal }) })
export const retentionQuery = queryOptions({ queryKey: ['retention'], queryFn: ({ signal }) => call('retention', { signal }) })
export const passkeysQuery = queryOptions({ queryKey: ['passkeys'], queryFn: ({ signal }) => call('listPasskeys', { signal }) })

export interface AuditFilter {
  readonly act?: string | undefined
  readonly outcome?: 'done' | 'refused' | 'failed' | undefined
  readonly person?: string | undefined
}

/** Administrative acts, newest first, a page at a time. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      call('audit', {
        query: {
          limit: 50,
          ...(filter.act ? { act: filter.act } : {}),
          ...(filter.outcome ? { outcome: filter.outcome } : {}),
          ...(filter.person ? { person: filter.person } : {}),
          ...(pageParam === '' ? {} : { after: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })

/** What looks sensitive and has no label. The host reads samples of the team's tables for it: not more often than this. */
export const unprotectedQuery = (connection: string) =>
  queryOptions({
    queryKey: ['unprotected', connection],
    queryFn: ({ signal }) => call('unprotected', { query: { connection }, signal }),
    staleTime: 15 * 60_000,
    gcTime: 15 * 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  })

/** A connection's own tables and their columns. */
export const catalogQuery = (connection: string) =>
  queryOptions({
    queryKey: ['catalog', connection],
    queryFn: ({ signal }) => call('catalog', { params: { name: connection }, signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  })
export const followedQuery = queryOptions({
  queryKey: ['followed-labels'],
  queryFn: ({ signal }) => call('followedLabels', { signal }),
})
export const builtInPatternsQuery = queryOptions({
  queryKey: ['built-in-patterns'],
  queryFn: ({ signal }) => call('builtInPatterns', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})
/** The team's own functions behind a connection. */
export const functionsQuery = (connection: string) =>
  queryOptions({
    queryKey: ['functions', connection],
    queryFn: ({ signal }) => call('listFunctions', { params: { name: connection }, signal }),
    refetchOnWindowFocus: false,
    retry: false,
  })
