import { describe, expect, it } from 'vitest'
import { LoginInbox } from '../../proxy/login/login-inbox.ts'
import { readErrorFields, readParameterStatus, readStrings, readTextRow } from '../../proxy/wire/read-server.ts'
import * as m from '../helpers/encode.ts'
import { randomSource } from '../helpers/random.ts'

function feed(inbox: LoginInbox, bytes: Buffer, size: number): void {
  for (let at = 0; at < bytes.length; ) {
    const taken = bytes.copy(inbox.lend(), 0, at, Math.min(at + size, bytes.length))
    inbox.filled(taken)
    at += taken
  }
}

describe('the server’s messages at login', () => {
  it('are the same however the bytes are cut', async () => {
    const frames = [
      m.message('R', m.int32(0)),
      m.message('S', Buffer.from('a\0b\0')),
      m.message('N', Buffer.alloc(9_000, 65)),
      m.message('Z', Buffer.from('I')),
    ]
    const stream = Buffer.concat(frames)
    for (const size of [1, 2, 3, 7, 1_000, 4_096, stream.length]) {
      const inbox = new LoginInbox(65_536)
      feed(inbox, stream, size)
      for (const frame of frames) {
        const { type, body } = await inbox.next()
        expect(m.message(String.fromCharCode(type), body).equals(frame), `pieces of ${size}`).toBe(true)
      }
    }
  })

  it.each([0, 3, -1, -2147483648, 0x7fffffff, 65_537])(
    'of length %i end the login, and nothing is kept of what follows',
    async (length) => {
      const inbox = new LoginInbox(65_536)
      feed(inbox, m.message('S', Buffer.alloc(10), length), 1_000)
      await expect(inbox.next()).rejects.toMatchObject({ fields: { code: 'protocol', sqlstate: '08P01' } })
      for (let i = 0; i < 100; i++) feed(inbox, Buffer.alloc(4_000), 4_000)
      expect(inbox.lend().length).toBeLessThan(64 * 1024)
    },
  )

  it('are over when the connection is, for who waits and who comes later', async () => {
    const inbox = new LoginInbox(100)
    const waiting = inbox.next()
    inbox.fail(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await expect(inbox.next()).rejects.toThrow('gone')
  })

  it('of any bytes are read or refused: no other error, no hang', () => {
    for (let seed = 1; seed <= 5_000; seed++) {
      const body = randomSource(seed).bytes(seed % 24)
      for (const read of [(b: Buffer) => readStrings(b, 4), readErrorFields, readParameterStatus, readTextRow]) {
        try {
          read(body)
        } catch (error) {
          expect(error, `seed ${seed}`).toMatchObject({ fields: { code: 'protocol' } })
        }
      }
    }
  })

  it('a list of mechanisms without an end is not searched beyond the message', () => {
    expect(() => readStrings(Buffer.from('SCRAM-SHA-256'), 0)).toThrow(/malformed/)
    expect(readStrings(Buffer.from('SCRAM-SHA-256\0'), 0)).toEqual(['SCRAM-SHA-256'])
  })
})
