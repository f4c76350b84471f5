import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** Versions of the configuration, newest first, a page at a time. `0` asks for the newest. */
export const versionsQuery = infiniteQueryOptions({
  queryKey: ['configuration', 'versions'],
  queryFn: ({ pageParam, signal }) =>
    call('listVersions', { query: { limit: 30, ...(pageParam > 0 ? { before: pageParam } : {}) }, signal }),
  initialPageParam: 0,
  getNextPageParam: (page) => page.next,
})

/** One version with its difference to the one before. It never changes. */
export const versionQuery = (version: number) =>
  queryOptions({
    queryKey: ['configuration', 'version', version],
    queryFn: ({ signal }) => call('readVersion', { params: { version }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
