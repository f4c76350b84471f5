import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Search } from '../../ui/icons.tsx'
import { ForeignText } from '../../ui/parts/foreign-text.tsx'
import { Bone } from '../../ui/parts/screen-state.tsx'
import { VerdictMark } from '../../ui/parts/verdict-mark.tsx'
import { durationWords, exactWords, secondsWords } from '../../ui/time/words.ts'
import { countWords } from '../../ui/words.ts'
import { IDLE_MS } from './film.ts'
import type { Note, Scene } from './scenes.ts'

type Row =
  | { readonly kind: 'scene'; readonly scene: Scene; readonly index: number }
  | { readonly kind: 'idle'; readonly ms: number; readonly key: string }
  | { readonly kind: 'note'; readonly note: Note }

const HEIGHT = { scene: 34, idle: 24, note: 42 } as const

interface Props {
  readonly scenes: readonly Scene[]
  readonly notes: readonly Note[]
  readonly loading: boolean
  readonly total: number
  readonly read: number
  /** Place among the scenes of the one that is looked at. */
  readonly chosen: number
  readonly choose: (index: number) => void
}

/** Every statement, virtually: what stands behind the playhead is pale, since this is a film. */
export function SceneList({ scenes, notes, loading, total, read, chosen, choose }: Props) {
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed.trim().toLowerCase())
  const rows = useMemo(() => rowsOf(scenes, notes, wanted), [scenes, notes, wanted])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => HEIGHT[rows[at]?.kind ?? 'scene'],
    overscan: 8,
  })
  const place = useMemo(() => placeIn(rows, chosen), [rows, chosen])
  useEffect(() => {
    const row = virtual.measurementsCache[place]
    if (!row) return
    // What is in view stays: asking the browser where things are costs a layout at every step of the film.
    const top = virtual.scrollOffset ?? 0
    const height = virtual.scrollRect?.height ?? 0
    if (row.start < top || row.end > top + height) virtual.scrollToIndex(place, { align: 'auto' })
  }, [place, virtual])
  const hits = wanted === '' ? scenes.length : rows.length
  return (
    <section className="statements" aria-label="Statements">
      <div className="statements-tools">
        <label className="search-field">
          <Search />
          <input
            type="search"
            aria-label="Find in statements"
            placeholder="Find in statements"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <span className="meta third nowrap" role="status">
          {loading && total > 0
            ? `reading ${countWords(read)} of ${countWords(total)}`
            : wanted === ''
              ? `${countWords(Math.min(scenes.length, chosen + 1))} of ${countWords(scenes.length)}`
              : `${countWords(hits)} of ${countWords(scenes.length)}`}
        </span>
      </div>
      {loading && scenes.length === 0 ? <SceneBones /> : null}
      {!loading && rows.length === 0 && wanted !== '' ? (
        <p className="small second no-hit">No statement begins with or holds that.</p>
      ) : null}
      <div className="statements-scroll" ref={scroller}>
        <ol style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            const style = { height: item.size, transform: `translateY(${item.start}px)` }
            if (row.kind === 'idle')
              return (
                <li key={row.key} className="idle" style={style}>
                  {durationWords(row.ms)} idle
                </li>
              )
            if (row.kind === 'note')
              return (
                <li key={`note${row.note.seq}`} className="note meta second" style={style} title={row.note.text}>
                  <span className="mono third">{secondsWords(row.note.at)}</span> {row.note.text}
                </li>
              )
            return (
              <SceneRow
                key={row.scene.number}
                scene={row.scene}
                here={row.index === chosen}
                ahead={row.index > chosen}
                height={item.size}
                start={item.start}
                of={scenes.length}
                index={row.index}
                choose={choose}
              />
            )
          })}
        </ol>
      </div>
    </section>
  )
}

interface RowProps {
  readonly scene: Scene
  readonly here: boolean
  readonly ahead: boolean
  readonly height: number
  readonly start: number
  readonly of: number
  readonly index: number
  readonly choose: (index: number) => void
}

/** Drawn again only when something of it is another. */
const SceneRow = memo(function SceneRow({ scene, here, ahead, height, start, of, index, choose }: RowProps) {
  return (
    <li style={{ height, transform: `translateY(${start}px)` }} aria-setsize={of} aria-posinset={scene.number}>
      <button type="button" className={ahead ? 'statement ahead' : 'statement'} aria-current={here} onClick={() => choose(index)}>
        <time className="mono third" dateTime={new Date(scene.at).toISOString()} title={exactWords(scene.at)}>
          {secondsWords(scene.at)}
        </time>
        <VerdictMark outcome={scene.outcome} />
        <code className="cut">
          <ForeignText>{scene.text}</ForeignText>
        </code>
        <span className="row third statement-end">
          {scene.ending}
          {scene.masked ? <VerdictMark outcome="masked" size={13} /> : null}
        </span>
      </button>
    </li>
  )
})

function SceneBones() {
  return (
    <div aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((each) => (
        <div key={each} className="statement">
          <Bone width={54} height={12} />
          <Bone width={16} height={16} round />
          <Bone height={12} />
          <Bone width={40} height={12} />
        </div>
      ))}
    </div>
  )
}

function rowsOf(scenes: readonly Scene[], notes: readonly Note[], wanted: string): Row[] {
  const rows: Row[] = []
  let note = 0
  let reached = scenes[0]?.at ?? 0
  for (let index = 0; index < scenes.length; index++) {
    const scene = scenes[index] as Scene
    if (wanted !== '') {
      if (scene.text.toLowerCase().includes(wanted)) rows.push({ kind: 'scene', scene, index })
      continue
    }
    while (notes[note] && (notes[note]?.seq ?? 0) < scene.seq) rows.push({ kind: 'note', note: notes[note++] as Note })
    if (scene.at - reached > IDLE_MS) rows.push({ kind: 'idle', ms: scene.at - reached, key: `idle${scene.number}` })
    reached = Math.max(reached, scene.end ?? scene.at)
    rows.push({ kind: 'scene', scene, index })
  }
  if (wanted === '') for (; note < notes.length; note++) rows.push({ kind: 'note', note: notes[note] as Note })
  return rows
}

function placeIn(rows: readonly Row[], chosen: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    // An idle line or a note counts as the scene that follows it.
    let at = middle
    while (at < rows.length && rows[at]?.kind !== 'scene') at++
    const row = rows[at]
    if (row?.kind === 'scene' && row.index < chosen) low = at + 1
    else high = middle
  }
  while (low < rows.length && rows[low]?.kind !== 'scene') low++
  const row = rows[low]
  return row?.kind === 'scene' && row.index === chosen ? low : -1
}
