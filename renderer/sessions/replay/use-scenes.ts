import { useEffect, useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { addPage, emptyScenes, type SceneBook } from './scenes.ts'

/** How often what has been read is drawn while more comes, in milliseconds. */
const DRAW_MS = 300

interface Read {
  readonly book: SceneBook
  readonly reading: boolean
  readonly error: unknown
}

/**
 * The outline of a session, page after page, and what is added while it runs. `events`: how many there are by now, undefined before that is
 * known; `retry` changes to try again.
 */
export function useScenes(id: string, events: number | undefined, closed: boolean, retry: number): Read {
  const [read, setRead] = useState<Read>({ book: emptyScenes(), reading: true, error: undefined })
  const kept = useRef<{ readonly id: string; readonly closed: boolean; book: SceneBook }>(undefined)
  const attempt = `${retry}`
  useEffect(() => {
    if (events === undefined) return
    const leave = new AbortController()
    // Another session, or one that has ended: what waited is judged anew.
    if (kept.current?.id !== id || kept.current.closed !== closed) kept.current = { id, closed, book: emptyScenes() }
    const mine = kept.current
    const readOn = async () => {
      let drawn = 0
      for (;;) {
        const page = await call('outline', { params: { id }, query: { after: mine.book.last }, signal: leave.signal })
        if (leave.signal.aborted) return
        const stuck = page.last === mine.book.last
        mine.book = addPage(mine.book, page, closed)
        const done = stuck || page.last >= page.total
        if (done || performance.now() - drawn > DRAW_MS) {
          drawn = performance.now()
          setRead({ book: mine.book, reading: !done, error: undefined })
        }
        if (done) return
      }
    }
    readOn().catch((error: unknown) => {
      if (!leave.signal.aborted) setRead({ book: mine.book, reading: false, error })
    })
    return () => leave.abort(attempt)
  }, [id, events, closed, attempt])
  return read
}
