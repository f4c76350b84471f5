import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Configuration, ConfigurationCheck } from '../../../main/contract/index.ts'
import { call } from '../../api/call.ts'
import { configurationQuery, meQuery } from '../../api/queries.ts'
import { type ReadDraft, readDraft } from './read-draft.ts'

/** One draft under all views of the page. It lives in this page only: nothing of it holds before it is saved. */
export interface Draft {
  /** The version that it was begun from. */
  readonly base: Configuration
  readonly text: string
  readonly dirty: boolean
  /** What its rules are; of the last text that had any, where `fault` says why the present one cannot be shown. */
  readonly read: ReadDraft
  readonly fault: string | undefined
  readonly inForce: ReadDraft
  /** What the host says of it. `stale`: of a text before this one. */
  readonly check: ConfigurationCheck | undefined
  readonly stale: boolean
  readonly checkError: Error | null
  /** Somebody saved since it was begun: the version in force now. */
  readonly meanwhile: Configuration | undefined
  readonly mayEdit: boolean
  readonly write: (next: string) => void
  readonly discard: () => void
  /** Goes on from another version, with this text. */
  readonly startFrom: (base: Configuration, text: string) => void
}

const NOTHING: ReadDraft = { policies: [], tests: [], connections: [], labels: [], groups: [], deciders: [], sections: { policies: [] } }
const CHECK_AFTER_MS = 400

/** @returns the draft, once the configuration has been read, and the reading itself. */
export function useDraft() {
  const reading = useQuery(configurationQuery)
  const me = useQuery(meQuery)
  const [pinned, setPinned] = useState<{ readonly base: Configuration; readonly text: string }>()
  const latest = reading.data
  const base = pinned?.base ?? latest
  const text = pinned?.text ?? latest?.yaml ?? ''
  const settled = useSettled(text)
  const checking = useQuery({
    queryKey: ['configuration', 'check', base?.version, settled],
    queryFn: ({ signal }) => call('checkConfiguration', { body: { yaml: settled }, signal }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  })
  const present = useMemo(() => readDraft(text), [text])
  const inForce = useMemo(() => readDraft(base?.yaml ?? ''), [base?.yaml])
  const last = useRef<ReadDraft>(NOTHING)
  useEffect(() => {
    if (typeof present !== 'string') last.current = present
  }, [present])
  const write = useCallback(
    (next: string) => {
      if (!base) return
      setPinned(next === base.yaml ? undefined : { base, text: next })
    },
    [base],
  )
  const discard = useCallback(() => setPinned(undefined), [])
  const startFrom = useCallback((from: Configuration, next: string) => {
    setPinned(next === from.yaml ? undefined : { base: from, text: next })
  }, [])
  const draft: Draft | undefined = base && {
    base,
    text,
    dirty: text !== base.yaml,
    read: typeof present === 'string' ? last.current : present,
    fault: typeof present === 'string' ? present : undefined,
    inForce: typeof inForce === 'string' ? NOTHING : inForce,
    check: checking.data,
    stale: settled !== text || checking.isPlaceholderData || checking.isPending,
    checkError: checking.error,
    meanwhile: pinned && latest && latest.version !== base.version ? latest : undefined,
    mayEdit: me.data?.roles.includes('admin') === true,
    write,
    discard,
    startFrom,
  }
  return { reading, draft }
}

/** The text once nobody has changed it for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settled === '' ? 0 : CHECK_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, settled])
  return settled
}
