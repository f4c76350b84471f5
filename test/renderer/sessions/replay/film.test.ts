import { describe, expect, it } from 'vitest'
import { firstReaching, IDLE_MS, layFilm, placeAt, sceneAt, timeAt } from '../../../../renderer/sessions/replay/film.ts'
import { addPage, emptyScenes } from '../../../../renderer/sessions/replay/scenes.ts'
import { outlineOf } from '../../fake-host/made-up-replay.ts'
import { makeEvents } from '../../fake-host/made-up-sessions.ts'

const now = 1_800_000_000_000
const book = addPage(emptyScenes(), outlineOf(makeEvents(now), 0), false)
const film = layFilm(book.scenes, now, true)

describe('the film of a session', () => {
  it('folds idle times over 30 s, so that half of it at most is nothing', () => {
    expect(film.gaps.length).toBeGreaterThan(1)
    for (const gap of film.gaps) expect(gap.to - gap.from).toBeGreaterThan(IDLE_MS)
    expect(film.gaps.reduce((sum, gap) => sum + gap.length, 0)).toBeLessThanOrEqual(film.length / 2 + 1)
    expect(film.length).toBeLessThan(film.end - film.start)
    expect(layFilm(book.scenes, now, false).gaps).toEqual([])
  })

  it('finds each moment again at its place, and never goes back', () => {
    let before = -1
    for (let time = film.start; time <= film.end; time += 997) {
      const place = placeAt(film, time)
      expect(place).toBeGreaterThan(before)
      expect(timeAt(film, place)).toBeCloseTo(time, 3)
      before = place
    }
    expect(placeAt(film, film.end)).toBeCloseTo(film.length, 3)
  })

  it('knows which statement had begun last', () => {
    for (const [index, scene] of film.scenes.entries()) expect(film.scenes[sceneAt(film, scene.at)]?.at).toBe(film.scenes[index]?.at)
    expect(sceneAt(film, film.start - 5000)).toBe(0)
    expect(sceneAt(film, film.end + 5000)).toBe(film.scenes.length - 1)
    expect(sceneAt(layFilm([], now, true), now)).toBe(-1)
  })

  it('draws from the first statement that reaches into view', () => {
    const third = film.to[2] ?? 0
    expect(film.to[firstReaching(film, third)] ?? 0).toBeGreaterThan(third)
  })

  it('holds for an empty session and for one of a single instant', () => {
    expect(layFilm([], now, true)).toMatchObject({ length: 1, gaps: [] })
    expect(layFilm(book.scenes.slice(2, 3), now, true).length).toBe(1)
  })
})

describe('pages of an outline', () => {
  const events = makeEvents(now)

  it('say the same however they are cut', () => {
    for (const size of [1, 3, 7]) {
      let cut = emptyScenes()
      for (let after = 0; after < events.length; after += size) cut = addPage(cut, outlineOf(events.slice(0, after + size), after), false)
      expect(cut.scenes).toEqual(book.scenes)
    }
  })

  it('tell how each statement ended, and what waited when the session did', () => {
    expect(book.scenes.find((scene) => scene.number === 3)).toMatchObject({ outcome: 'denied', ending: 'denied', writes: true })
    expect(book.scenes.find((scene) => scene.number === 4)).toMatchObject({ outcome: 'approved', ending: '6 rows', by: 'Priya Nair' })
    expect(book.scenes.find((scene) => scene.number === 5)).toMatchObject({ outcome: 'failed', ending: '42P01' })
    expect(book.scenes.at(-1)).toMatchObject({ outcome: 'held', end: undefined })
    expect(addPage(emptyScenes(), outlineOf(events, 0), true).scenes.at(-1)).toMatchObject({ outcome: 'lapsed' })
  })
})
