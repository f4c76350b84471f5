import { useSyncExternalStore } from 'react'

const watchers = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of watchers) each()
  }, 1000)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, which steps once a second, the same for everything on the page. Milliseconds since the epoch. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now)
}
