import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { SessionDetail } from '../../../main/contract/index.ts'
import { Empty, Failing } from '../../ui/parts/screen-state.tsx'
import { useNow } from '../../ui/time/use-now.ts'
import { StatementView } from '../statement-view.tsx'
import { copyLink } from './copy-link.tsx'
import { layFilm } from './film.ts'
import { findNext, kindsIn, type Wanted } from './find-next.ts'
import { Player } from './player.ts'
import { ReplayShortcuts } from './replay-shortcuts.tsx'
import { SceneList } from './scene-list.tsx'
import { SceneStandIn } from './scene-stand-in.tsx'
import type { SceneBook } from './scenes.ts'
import { Strip } from './strip.tsx'
import { Track } from './track.tsx'
import { Transport } from './transport.tsx'
import { useReplayKeys } from './use-replay-keys.ts'
import { useStatement } from './use-statement.ts'
import { useView } from './use-view.ts'

/** How long the moment stands still before the address says it. Milliseconds. */
const SETTLE_MS = 250

interface Props {
  readonly id: string
  readonly book: SceneBook
  readonly reading: boolean
  readonly session: SessionDetail | undefined
}

/** The film of one session: timeline, list, and what the agent saw at the playhead. */
export function Replay({ id, book, reading, session }: Props) {
  const search = useSearch({ from: '/sessions/$id' })
  const navigate = useNavigate({ from: '/sessions/$id' })
  const narrow = useMediaQuery('(max-width: 719px)', false, { getInitialValueInEffect: false })
  const live = session?.live === true
  const { scenes } = book
  const [player] = useState(() => new Player(false))
  const [folds, setFolds] = useState(true)
  const [helping, help] = useDisclosure(false)
  const last = scenes.at(-1)
  const clock = useNow()
  // Only what waits or runs grows with the clock.
  const now = live && last?.end === undefined ? clock : (last?.end ?? session?.startedAt ?? 0)
  const film = useMemo(() => layFilm(scenes, now, folds), [scenes, now, folds])
  const kinds = useMemo(() => kindsIn(scenes), [scenes])
  const { view, zoom, pan, zoomBy, zoomAll, show } = useView(film, player)

  // Where the address says, once it has been read; a session that runs is followed.
  const opened = useRef(false)
  useEffect(() => {
    player.load(film)
    if (opened.current || film.scenes.length === 0) return
    const { statement, t } = search
    if (statement !== undefined) {
      const index = film.scenes.findIndex((scene) => scene.number === statement)
      if (index < 0) {
        if (!reading) opened.current = true
        return
      }
      player.select(index)
      if (t !== undefined) player.place(film.start + t * 1000)
    } else if (t !== undefined) {
      const time = film.start + t * 1000
      if (time > film.end && reading) return
      player.seek(time)
    } else if (live) player.follow()
    opened.current = true
  }, [player, film, search, live, reading])

  // Plays for as long as it is asked to.
  useSyncExternalStore(player.watch, () => keyOf(player))
  const { playing, index, following, time } = player.moment()
  const t = playing ? undefined : Math.round(time - film.start) / 1000
  useEffect(() => {
    if (!playing) return
    let before = performance.now()
    let frame = requestAnimationFrame(function step(time) {
      player.step(Math.min(250, Math.max(0, time - before)))
      before = time
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [player, playing])

  const scene = film.scenes[index]
  const number = scene?.number
  useEffect(() => {
    if (t === undefined || following || !opened.current || number === undefined) return
    const timer = setTimeout(() => {
      if (search.statement === number && search.t === t) return
      if (narrow && search.statement === undefined) return
      void navigate({ search: { statement: number, t }, replace: true })
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [t, following, number, navigate, narrow, search])

  const choose = useCallback(
    (at: number) => {
      player.select(at)
      const chosen = film.scenes[at]
      if (narrow && chosen) void navigate({ search: { statement: chosen.number } })
    },
    [player, film, narrow, navigate],
  )
  const step = (by: number) => player.select(Math.max(0, Math.min(film.scenes.length - 1, index + by)))
  const next = (wanted: Wanted) => {
    const found = findNext(film.scenes, index, wanted)
    if (found !== undefined) player.select(found)
  }
  const closeStatement = () => void navigate({ search: {} })
  useReplayKeys({
    player,
    step,
    next,
    zoomBy,
    zoomAll,
    copyLink: () => void copyLink(),
    leave: () => (narrow && search.statement ? closeStatement() : void navigate({ to: '/sessions' })),
    help: help.open,
  })

  const over = session !== undefined && !live
  const record = useStatement(id, scene, over, playing)
  const showsStatement = !narrow || search.statement !== undefined
  const showsList = !narrow || search.statement === undefined
  return (
    <>
      {showsList ? (
        <div className="timeline">
          <Transport
            film={film}
            player={player}
            folds={folds}
            setFolds={setFolds}
            kinds={kinds}
            next={next}
            step={step}
            zoomBy={zoomBy}
            live={live}
          />
          <Strip film={film} player={player} view={view} show={show} />
          <Track film={film} player={player} view={view} zoom={zoom} pan={pan} />
        </div>
      ) : null}
      <div className="session-cols">
        {showsList ? (
          <SceneList
            scenes={scenes}
            notes={book.notes}
            loading={reading}
            total={book.total}
            read={book.last}
            chosen={index}
            choose={choose}
          />
        ) : null}
        {showsStatement ? (
          <div className="session-statement">
            {record.data && scene ? (
              <StatementView statement={record.data} until={time} total={book.total} {...(narrow ? { back: closeStatement } : {})} />
            ) : record.isError && scene ? (
              <Failing what={`Statement ${scene.number}`} error={record.error} retry={() => void record.refetch()} />
            ) : scene ? (
              <SceneStandIn scene={scene} />
            ) : reading ? null : (
              <Empty title={scenes.length === 0 ? 'Nothing was run' : 'There is no such statement'}>
                {scenes.length === 0
                  ? live
                    ? 'Statements appear here as the agent sends them.'
                    : 'The session ended without a statement.'
                  : undefined}
              </Empty>
            )}
          </div>
        ) : null}
      </div>
      <ReplayShortcuts opened={helping} onClose={help.close} />
    </>
  )
}

/** What the page is drawn anew for: another statement, another step of it, play or pause, a jump. Not each frame. */
function keyOf(player: Player): string {
  const { index, playing, following, time } = player.moment()
  return `${index}/${playing}/${following}/${playing ? player.stage() : time}`
}
