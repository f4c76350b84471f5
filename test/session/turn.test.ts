import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { Turn } from '../../proxy/session/turn.ts'
import { UpstreamLink } from '../../proxy/session/upstream-link.ts'
import { clearControl } from '../../proxy/verdict/clearance.ts'

const turnEnds = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
const SYNC = Buffer.from([0x53, 0, 0, 0, 4])

function bench() {
  const happened: string[] = []
  const state = { broken: false }
  const turn = new Turn({
    opened: () => {
      throw new Error('not here')
    },
    commit: () => {
      if (state.broken) throw new GatewayError({ code: 'recorder', sqlstate: '58030', message: 'the disk is full' })
      happened.push('recorded')
    },
  })
  const link = (name: string) => {
    const socket = new PassThrough()
    socket.on('data', (chunk: Buffer) => happened.push(`${name} got ${chunk.length}`))
    socket.on('end', () => happened.push(`${name} ended`))
    return new UpstreamLink(socket as unknown as Socket, turn, (error) => happened.push(`${name} refused: ${error.code}`))
  }
  const send = (to: UpstreamLink) => to.send(clearControl(SYNC, 0, SYNC.length))
  return { happened, state, link, send }
}

describe('the end of a turn', () => {
  it('records once for all sessions, before anything of any of them goes', async () => {
    const { happened, link, send } = bench()
    const [a, b] = [link('a'), link('b')]
    send(a)
    send(b)
    send(a)
    expect(happened).toEqual([])
    await turnEnds()
    expect(happened[0]).toBe('recorded')
    expect(happened.slice(1).sort()).toEqual(['a got 10', 'b got 5'])
  })

  it('sends nothing of anybody when the record cannot be written, and goes on when it can again', async () => {
    const { happened, state, link, send } = bench()
    const [a, b] = [link('a'), link('b')]
    state.broken = true
    send(a)
    send(b)
    await turnEnds()
    expect(happened).toEqual(['a refused: recorder', 'b refused: recorder'])
    state.broken = false
    happened.length = 0
    send(b)
    await turnEnds()
    expect(happened).toEqual(['recorded', 'b got 5'])
  })

  it('ends a connection behind what was cleared for it, and never writes what was refused', async () => {
    const { happened, state, link, send } = bench()
    const a = link('a')
    send(a)
    a.end()
    await turnEnds()
    expect(happened).toEqual(['recorded', 'a got 5', 'a ended'])
    happened.length = 0
    state.broken = true
    const b = link('b')
    send(b)
    b.end()
    await turnEnds()
    expect(happened.filter((one) => one.includes('got'))).toEqual([])
  })
})
