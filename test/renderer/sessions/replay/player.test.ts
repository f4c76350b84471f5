import { describe, expect, it } from 'vitest'
import { layFilm } from '../../../../renderer/sessions/replay/film.ts'
import { findNext, kindsIn } from '../../../../renderer/sessions/replay/find-next.ts'
import { Player } from '../../../../renderer/sessions/replay/player.ts'
import { addPage, emptyScenes } from '../../../../renderer/sessions/replay/scenes.ts'
import { outlineOf } from '../../fake-host/made-up-replay.ts'
import { makeEvents } from '../../fake-host/made-up-sessions.ts'

const now = 1_800_000_000_000
const { scenes } = addPage(emptyScenes(), outlineOf(makeEvents(now), 0), false)
const film = layFilm(scenes, now, true)
const loaded = () => {
  const player = new Player(false)
  player.load(film)
  return player
}

describe('the player', () => {
  it('begins at the first answer and does not play by itself', () => {
    expect(loaded().moment()).toMatchObject({ index: 0, time: scenes[0]?.end, playing: false })
  })

  it('plays at its speed, across a fold in under a second, and stops at the end', () => {
    const player = loaded()
    player.seek(film.start)
    player.setSpeed(4)
    player.play(true)
    player.step(250)
    expect(player.moment().time).toBe(film.start + 1000)
    const gap = film.gaps[0]
    player.seek(gap?.from ?? 0)
    player.play(true)
    player.step(250)
    expect(player.moment().time).toBeLessThan(gap?.to ?? 0)
    for (let frame = 0; frame < 4; frame++) player.step(250)
    expect(player.moment().time).toBeGreaterThanOrEqual(gap?.to ?? 0)
    player.seek(film.end - 10)
    player.play(true)
    player.step(250)
    expect(player.moment()).toMatchObject({ time: film.end, playing: false, index: scenes.length - 1 })
  })

  it('keeps a selected statement whose neighbours ran in the same millisecond', () => {
    const at = now
    const same = scenes.slice(0, 3).map((scene) => ({ ...scene, at, released: at, end: at }))
    const player = new Player(false)
    player.load(layFilm(same, at, true))
    player.select(1)
    expect(player.moment().index).toBe(1)
  })

  it('follows a session that grows, until someone looks back', () => {
    const player = new Player(true)
    player.load(layFilm(scenes.slice(0, 5), now, true))
    player.load(film)
    expect(player.moment().index).toBe(scenes.length - 1)
    player.select(2)
    player.load(film)
    expect(player.moment()).toMatchObject({ index: 2, following: false })
  })
})

describe('the way to the next', () => {
  it('goes round, and says when there is none', () => {
    const denied = findNext(scenes, 0, 'denied')
    expect(scenes[denied ?? -1]?.outcome).toBe('denied')
    expect(findNext(scenes, scenes.length - 1, 'denied')).toBe(denied)
    expect(findNext(scenes.slice(0, 2), 0, 'denied')).toBeUndefined()
    expect(kindsIn(scenes)).toMatchObject({ denied: 2, approval: 3, masked: 2 })
  })
})
