import { type QueryClient, queryOptions } from '@tanstack/react-query'
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
  readonly live?: boolean | undefined
  readonly after?: string | undefined
}

export const SESSIONS_PER_PAGE = 50

export const sessionsQuery = (filter: SessionFilter) =>
  queryOptions({
    queryKey: ['sessions', 'list', filter],
    queryFn: ({ signal }) =>
      call('listSessions', {
        query: {
          limit: SESSIONS_PER_PAGE,
          ...(filter.q ? { q: filter.q } : {}),
          ...(filter.connection ? { connection: filter.connection } : {}),
          ...(filter.live ? { live: 'true' } : {}),
          ...(filter.after ? { after: filter.after } : {}),
        },
        signal,
      }),
    placeholderData: (before) => before,
  })

export const sessionQuery = (id: string) =>
  queryOptions({ queryKey: ['sessions', 'one', id], queryFn: ({ signal }) => call('readSession', { params: { id }, signal }) })

/** All events of a session, page by page. */
export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['sessions', 'events', id],
    queryFn: async ({ signal }) => {
      const items = []
      for (let after = 0; ; ) {
        const page = await call('listEvents', { params: { id }, query: { after, limit: 1000 }, signal })
        items.push(...page.items)
        if (page.next === null || items.length >= MOST_EVENTS) return { items, total: page.total }
        after = page.next
      }
    },
  })

/** More are not drawn at once; the page says so. */
export const MOST_EVENTS = 20_000

/** A session changed: its row is put in place everywhere, its record is read again when it is on screen. */
export function learnSession(client: QueryClient, session: Session): void {
  client.setQueriesData<{ items: Session[]; next: string | null }>({ queryKey: ['sessions', 'list'] }, (list) =>
    list?.items.some((item) => item.id === session.id)
      ? { ...list, items: list.items.map((item) => (item.id === session.id ? { ...session, excerpt: item.excerpt } : item)) }
      : list,
  )
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
