/**
 * Stands between the gateway and the real server. Checks that what arrives is, byte for byte and in order, what was cleared; and can
 * spoil what the server says.
 */
import net from 'node:net'
import { UpstreamLink } from '../../proxy/session/upstream-link.ts'

export interface CheckingRelay {
  readonly port: number
  /** Bytes that arrived without a clearance, or otherwise than cleared. */
  readonly faults: readonly string[]
  /** Bytes that arrived in sessions and had one. */
  readonly checked: number
  /** Connections that the server has now, or has yet to take. */
  readonly open: number
  stop(): void
}

/** What the gateway has cleared on one connection and the relay has not seen yet. */
interface Cleared {
  readonly pieces: Buffer[]
}

export interface RelayOptions {
  readonly target: () => number
  /** Asked for each session's connection: how to spoil the server's bytes, or undefined. */
  readonly spoiler: () => ((chunk: Buffer) => Buffer) | undefined
}

export async function startCheckingRelay(options: RelayOptions): Promise<CheckingRelay> {
  const clearedBy = new Map<number, Cleared>()
  const faults: string[] = []
  let checked = 0
  let open = 0
  const send = UpstreamLink.prototype.send
  // The one way upstream, listened to: the bytes are copied when they are cleared, so that a later change would show.
  UpstreamLink.prototype.send = function (clearance) {
    const port = this['socket'].localPort
    if (port !== undefined) clearedOf(clearedBy, port).pieces.push(Buffer.from(clearance.buf.subarray(clearance.start, clearance.end)))
    send.call(this, clearance)
  }
  const server = net.createServer((gateway) => {
    const from = gateway.remotePort ?? 0
    // The port may have been another session's, which cleared its last message when this end had gone.
    clearedBy.set(from, { pieces: [] })
    const upstream = net.connect(options.target(), '127.0.0.1')
    open++
    upstream.on('close', () => {
      open--
    })
    let startup: Buffer | undefined = Buffer.alloc(0)
    let spoil: ((chunk: Buffer) => Buffer) | undefined
    let ours = false
    gateway.on('data', (chunk: Buffer) => {
      upstream.write(chunk)
      if (startup !== undefined) {
        startup = Buffer.concat([startup, chunk])
        if (startup.length < 4 || startup.length < startup.readInt32BE(0)) return
        // The catalog's connection speaks for the gateway itself, and a cancel is its own too.
        ours = startup.includes('sallyport catalog') || startup.readInt32BE(4) === 80877102
        if (!ours) spoil = options.spoiler()
        chunk = startup.subarray(startup.readInt32BE(0))
        startup = undefined
      }
      if (ours) return
      const fault = take(clearedOf(clearedBy, from), chunk)
      if (fault !== undefined) faults.push(fault)
      checked += chunk.length
    })
    let ready = false
    upstream.on('data', (chunk: Buffer) => {
      if (spoil !== undefined && ready) chunk = spoil(chunk)
      ready ||= chunk.length >= 6 && chunk[chunk.length - 6] === 0x5a
      if (!gateway.destroyed) gateway.write(chunk)
    })
    for (const [one, other] of [
      [gateway, upstream],
      [upstream, gateway],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('end', () => other.end())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    faults,
    get checked() {
      return checked
    },
    get open() {
      return open
    },
    stop: () => {
      UpstreamLink.prototype.send = send
      server.close()
    },
  }
}

function clearedOf(all: Map<number, Cleared>, port: number): Cleared {
  const known = all.get(port)
  if (known !== undefined) return known
  const fresh: Cleared = { pieces: [] }
  all.set(port, fresh)
  return fresh
}

/** Uses up what was cleared. Returns what is wrong. */
function take({ pieces }: Cleared, chunk: Buffer): string | undefined {
  let at = 0
  while (at < chunk.length) {
    const piece = pieces[0]
    if (piece === undefined) return `${chunk.length - at} bytes without a clearance: ${chunk.toString('latin1', at, at + 60)}`
    const size = Math.min(piece.length, chunk.length - at)
    if (piece.compare(chunk, at, at + size, 0, size) !== 0)
      return `bytes that differ from what was cleared: ${chunk.toString('latin1', at, at + 60)}`
    at += size
    if (size === piece.length) pieces.shift()
    else pieces[0] = piece.subarray(size)
  }
  return undefined
}
