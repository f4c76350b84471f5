import { describe, expect, it, vi } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { type FrameLimit, FrameReader } from '../../proxy/wire/frame-reader.ts'
import * as m from '../helpers/encode.ts'
import { randomSource } from '../helpers/random.ts'

const NO_LIMIT = (): FrameLimit => ({ max: 1 << 30, beyond: 'fatal' })

interface Seen {
  readonly type: string
  readonly bytes: string
  readonly oversize: boolean
}

/** Feeds the pieces and takes each frame as it is given out, copied, since it is valid only until the next push. */
function read(pieces: readonly Buffer[], limit: (type: number) => FrameLimit = NO_LIMIT): Seen[] {
  const reader = new FrameReader(limit)
  const seen: Seen[] = []
  for (const piece of pieces) {
    // A socket may reuse its chunk: whatever is kept must have been copied.
    const chunk = Buffer.from(piece)
    reader.push(chunk)
    while (reader.next()) {
      const { type, oversize, buf, start, end } = reader
      seen.push({ type: String.fromCharCode(type), bytes: buf.toString('hex', start, end), oversize })
    }
  }
  return seen
}

const cut = (bytes: Buffer, size: number): Buffer[] => {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return pieces
}

const FRAMES = [
  m.query('SELECT 1'),
  m.parse('SELECT $1', 'name', [23]),
  m.bind(['text', null, Buffer.from([0, 1, 2])], { resultFormats: [1] }),
  m.describePortal(),
  m.execute('p', 5),
  m.sync(),
  m.copyData(Buffer.alloc(300, 7)),
  m.flush(),
  m.query(''),
]
const STREAM = Buffer.concat(FRAMES)
const EXPECTED = FRAMES.map((frame) => ({ type: String.fromCharCode(frame[0] ?? 0), bytes: frame.toString('hex'), oversize: false }))

describe('FrameReader', () => {
  it('gives whole frames out of one chunk', () => {
    expect(read([STREAM])).toEqual(EXPECTED)
  })

  it('gives the same frames cut once at every byte', () => {
    for (let at = 0; at <= STREAM.length; at++)
      expect(read([STREAM.subarray(0, at), STREAM.subarray(at)]), `cut at ${at}`).toEqual(EXPECTED)
  })

  it('gives the same frames in pieces of every size', () => {
    for (let size = 1; size <= 64; size++) expect(read(cut(STREAM, size)), `pieces of ${size}`).toEqual(EXPECTED)
  })

  it('gives the same frames cut at random, many times, frames of random lengths', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomSource(seed)
      const frames = Array.from({ length: 1 + random.below(30) }, () =>
        m.message('QPBDESd'[random.below(7)] ?? 'Q', random.bytes(random.below(random.below(10) === 0 ? 9_000 : 40))),
      )
      const stream = Buffer.concat(frames)
      const pieces: Buffer[] = []
      for (let at = 0; at < stream.length; ) {
        const size = 1 + random.below(random.below(4) === 0 ? 4_000 : 12)
        pieces.push(stream.subarray(at, at + size))
        at += size
      }
      expect(
        read(pieces).map(({ bytes }) => bytes),
        `seed ${seed}`,
      ).toEqual(frames.map((frame) => frame.toString('hex')))
    }
  })

  it.each([0, 1, 3, -1, -2147483648])('refuses length %i as soon as the header is there', (length) => {
    const reader = new FrameReader(NO_LIMIT)
    reader.push(m.message('Q', Buffer.alloc(0), length))
    expect(() => reader.next()).toThrow(
      expect.objectContaining({ fields: expect.objectContaining({ code: 'protocol', sqlstate: '08P01', severity: 'FATAL' }) }),
    )
  })

  it('refuses a length over a fatal limit before a byte of the body has come', () => {
    const reader = new FrameReader(() => ({ max: 100, beyond: 'fatal' }))
    reader.push(m.message('Q', Buffer.alloc(0), 0x7fffffff))
    expect(() => reader.next()).toThrow(GatewayError)
  })

  it('passes over a frame beyond a soft limit, tells of it once, and reads on behind it', () => {
    const limit = (): FrameLimit => ({ max: 100, beyond: 'skip' })
    const stream = Buffer.concat([m.sync(), m.query('x'.repeat(5_000)), m.flush()])
    for (const size of [1, 3, 7, 100, 4_999, 20_000]) {
      const seen = read(cut(stream, size), limit)
      expect(
        seen.map(({ type, oversize }) => `${type}${oversize ? '!' : ''}`),
        `pieces of ${size}`,
      ).toEqual(['S', 'Q!', 'H'])
    }
  })

  it('gives out a frame that is cut into pieces as it comes, byte for byte, and reads on behind it', () => {
    const limit = (type: number): FrameLimit => ({ max: 100, beyond: type === 0x64 ? 'pieces' : 'fatal' })
    const body = Buffer.from(Array.from({ length: 3_000 }, (_, i) => i & 0xff))
    const stream = Buffer.concat([m.sync(), m.copyData(body), m.copyData('short'), m.flush()])
    for (const size of [1, 3, 7, 100, 2_999, 20_000]) {
      const reader = new FrameReader(limit)
      const whole: string[] = []
      const pieces: Buffer[] = []
      for (const chunk of cut(stream, size)) {
        reader.push(chunk)
        while (reader.next()) {
          const bytes = Buffer.from(reader.buf.subarray(reader.start, reader.end))
          if (reader.piece) pieces.push(bytes)
          else whole.push(bytes.toString('hex'))
        }
        expect(reader.pending, `pieces of ${size}`).toBeLessThan(100)
      }
      expect(Buffer.concat(pieces).equals(body), `pieces of ${size}`).toBe(true)
      expect(whole).toEqual([m.sync(), m.copyData('short'), m.flush()].map((frame) => frame.toString('hex')))
    }
  })

  it('keeps nothing of a frame that it passes over', () => {
    const reader = new FrameReader(() => ({ max: 100, beyond: 'skip' }))
    reader.push(m.message('Q', Buffer.alloc(10), 50_000_000))
    expect(reader.next()).toBe(false)
    for (let i = 0; i < 100; i++) {
      reader.push(Buffer.alloc(60_000))
      expect(reader.next()).toBe(false)
      expect(reader.pending).toBe(0)
    }
  })

  it('never reserves more than a small multiple of what has come for an announced length', () => {
    const reader = new FrameReader(NO_LIMIT)
    reader.push(m.message('Q', Buffer.alloc(10), 1 << 29))
    expect(reader.next()).toBe(false)
    reader.push(Buffer.alloc(1_000))
    expect(reader.next()).toBe(false)
    expect(reader.buf.length).toBeLessThan(64 * 1024)
  })

  it('a long frame in small pieces is gathered without copying it again for each piece', () => {
    const frame = m.query('x'.repeat(4 << 20))
    const pieces = cut(frame, 1_000)
    const allocate = vi.spyOn(Buffer, 'allocUnsafe')
    const reader = new FrameReader(NO_LIMIT)
    let found = 0
    for (const piece of pieces) {
      reader.push(piece)
      while (reader.next()) found++
    }
    const allocated = allocate.mock.calls.reduce((sum, [size]) => sum + size, 0)
    allocate.mockRestore()
    expect(found).toBe(1)
    expect(allocated).toBeLessThan(2 * frame.length)
  })

  it('frames that queue one byte at a time behind a hold are not copied again for each byte', () => {
    const queue = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.concat([m.sync(), m.execute('p', 1)])))
    const allocate = vi.spyOn(Buffer, 'allocUnsafe')
    const reader = new FrameReader(NO_LIMIT)
    for (let at = 0; at < queue.length; at++) reader.push(queue.subarray(at, at + 1))
    const allocated = allocate.mock.calls.reduce((sum, [size]) => sum + size, 0)
    allocate.mockRestore()
    expect(allocated).toBeLessThan(5 * queue.length)
    expect(reader.buf.length).toBeLessThan(3 * queue.length)
    let types = ''
    while (reader.next()) types += String.fromCharCode(reader.type)
    expect(types).toBe('SE'.repeat(20_000))
  })

  it('gives the same frames when it is read only now and then, cut at random', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomSource(seed)
      const frames = Array.from({ length: 40 }, () => m.message('QPBDESd'[random.below(7)] ?? 'Q', random.bytes(random.below(60))))
      const stream = Buffer.concat(frames)
      const reader = new FrameReader(NO_LIMIT)
      const seen: string[] = []
      const drain = (most: number): void => {
        for (let i = 0; i < most && reader.next(); i++) seen.push(reader.buf.toString('hex', reader.start, reader.end))
      }
      for (let at = 0; at < stream.length; ) {
        const size = 1 + random.below(20)
        reader.push(Buffer.from(stream.subarray(at, at + size)))
        at += size
        if (random.below(3) === 0) drain(random.below(4))
      }
      drain(1_000)
      expect(seen, `seed ${seed}`).toEqual(frames.map((frame) => frame.toString('hex')))
      expect(reader.pending).toBe(0)
    }
  })
})
