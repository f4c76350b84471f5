import { useSyncExternalStore } from 'react'
import { type StreamEvent, streamEventSchema } from '../../main/contract/index.ts'

/** How the page hears of changes. `since`: when it stopped hearing, milliseconds since the epoch. */
export type Link = { readonly state: 'opening' } | { readonly state: 'live' } | { readonly state: 'lost'; readonly since: number }

const RETRY_MS = [500, 1000, 2000, 4000, 8000]

let link: Link = { state: 'opening' }
const watchers = new Set<() => void>()

function setLink(next: Link): void {
  // The first moment of silence counts, not the latest attempt.
  if (next.state === 'lost' && link.state === 'lost') return
  link = next
  for (const watcher of watchers) watcher()
}

/** Whether what is on screen is current. */
export function useLink(): Link {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => link,
  )
}

let tryNow: () => void = () => undefined

/** Reconnects at once instead of at the next attempt. */
export const reconnectNow = () => tryNow()

/**
 * Listens to `/api/stream` until the returned function is called. `onOpen` runs at every connection, also the first: what happened
 * meanwhile has to be read. Reconnects by itself; the browser gives up on an HTTP error, so that is retried here.
 */
export function listen(onEvent: (event: StreamEvent) => void, onOpen: () => void): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  const hear = (message: Event) => {
    const parsed = streamEventSchema.safeParse(parse((message as MessageEvent<string>).data))
    if (parsed.success) onEvent(parsed.data)
    else onEvent({ type: 'reset' })
  }
  const open = () => {
    clearTimeout(timer)
    source?.close()
    source = new EventSource('/api/stream')
    source.onopen = () => {
      attempt = 0
      setLink({ state: 'live' })
      onOpen()
    }
    source.onerror = () => {
      setLink({ state: 'lost', since: Date.now() })
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)])
    }
    for (const type of ['approval', 'session', 'health', 'reset'] as const) source.addEventListener(type, hear)
  }
  const offline = () => setLink({ state: 'lost', since: Date.now() })
  tryNow = open
  window.addEventListener('online', open)
  window.addEventListener('offline', offline)
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
    window.removeEventListener('online', open)
    window.removeEventListener('offline', offline)
    tryNow = () => undefined
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
