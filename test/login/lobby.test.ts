import { describe, expect, it } from 'vitest'
import { Lobby } from '../../proxy/login/lobby.ts'

function lobby(total: number, perAddress: number) {
  let now = 0
  const evicted: string[] = []
  const room = new Lobby({ total, perAddress }, () => now)
  const enter = (name: string, address = name) => {
    const place = room.enter(address, () => {
      evicted.push(name)
      place.leave()
    })
    return place
  }
  return { room, enter, evicted, wait: (ms: number) => (now += ms) }
}

describe('connections that have not logged in', () => {
  it('are refused beyond the limit while the others are new', () => {
    const { enter, room, evicted } = lobby(2, 2)
    enter('a')
    enter('b')
    expect(() => enter('c')).toThrow(/too many connections at once/)
    expect({ count: room.count, evicted }).toEqual({ count: 2, evicted: [] })
  })

  it('make room, the oldest first, once they have been silent for a second', () => {
    const { enter, wait, evicted, room } = lobby(2, 2)
    enter('a')
    wait(600)
    enter('b')
    wait(600)
    enter('c')
    expect(evicted).toEqual(['a'])
    expect(() => enter('d')).toThrow()
    expect(room.count).toBe(2)
  })

  it('are not sent away when they have done their part', () => {
    const { enter, wait, evicted } = lobby(2, 2)
    enter('a').settle()
    enter('b')
    wait(2_000)
    enter('c')
    expect(evicted).toEqual(['b'])
  })

  it('give room to an address that holds less, however new they are', () => {
    const { enter, evicted } = lobby(4, 4)
    for (const name of ['a', 'b', 'c', 'd']) enter(name, '10.0.0.1')
    enter('e', '10.0.0.2')
    expect(evicted).toEqual(['a'])
    // Three of one address and one of the other: a second is no more than its share.
    enter('f', '10.0.0.2')
    expect(evicted).toEqual(['a', 'b'])
    expect(() => enter('g', '10.0.0.2')).toThrow(/at once/)
  })

  it('of one address count by themselves, and one /64 network is one address', () => {
    const { enter, evicted, wait } = lobby(100, 2)
    enter('a', '10.0.0.1')
    enter('b', '10.0.0.1')
    expect(() => enter('c', '10.0.0.1')).toThrow(/from one address/)
    enter('d', '10.0.0.2')
    enter('e', '2001:db8::1')
    enter('f', '2001:db8:0:0:ffff::2')
    expect(() => enter('g', '2001:db8::3')).toThrow(/from one address/)
    enter('h', '2001:db8:0:1::3')
    wait(1_500)
    enter('i', '10.0.0.1')
    expect(evicted).toEqual(['a'])
  })

  it('give their place back once', () => {
    const { enter, room } = lobby(2, 2)
    const place = enter('a')
    enter('b')
    place.leave()
    place.leave()
    expect(room.count).toBe(1)
    enter('c')
    expect(() => enter('d')).toThrow()
  })
})
