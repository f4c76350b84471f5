import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type tls from 'node:tls'
import { GatewayError } from '../errors.ts'
import type { Companion, Identities, Log } from '../ports.ts'
import { errorFrame } from '../wire/server-messages.ts'
import { type Accepted, accept } from './accept.ts'
import { Lobby, type LobbyLimits, type Place } from './lobby.ts'

export interface EntranceOptions {
  /** Asked for each connection: certificates are renewed. */
  readonly tls: () => tls.SecureContext | undefined
  readonly identities: Identities
  readonly log: Log
  readonly lobby: LobbyLimits
  /** From the first byte to the session. */
  readonly timeoutMs: number
  /** Whether there is room for one more session. Asked before a token is. */
  readonly hasRoom: () => boolean
  readonly cancel: (processId: number, secret: Buffer) => Promise<void>
  /** Makes the session. `late`: the client has been turned away meanwhile. Throws what the client is told. */
  readonly begin: (accepted: Accepted, peer: Peer, abandoned: AbortSignal) => Promise<void>
}

/** The other end of a connection. */
export interface Peer {
  /** Without its port: what the lobby counts by. */
  readonly host: string
  /** As the recording shows it. */
  readonly address: string
  readonly loopback: boolean
  /** Whoever opened it inside this process. */
  readonly companion: Companion | undefined
}

export function peerOf({ remoteAddress, remotePort }: Socket): Peer {
  return {
    host: remoteAddress ?? '',
    address: `${remoteAddress ?? ''}:${remotePort ?? 0}`,
    loopback: isLoopback(remoteAddress),
    companion: undefined,
  }
}

/** A client in this process: no network lies between. */
export function insidePeer(companion: Companion): Peer {
  const { address } = companion
  return { host: address, address, loopback: true, companion }
}

/** Takes each new connection through its login, within limits that hold before anything is known of it. */
export class Entrance {
  private readonly o: EntranceOptions
  private readonly lobby: Lobby

  constructor(options: EntranceOptions) {
    this.o = options
    this.lobby = new Lobby(options.lobby)
  }

  take(socket: Duplex, peer: Peer): void {
    const { log } = this.o
    const { address } = peer
    let current = socket
    /** Answered, one way or the other: nothing more may be said here. */
    let done = false
    const abandoned = new AbortController()
    const turnAway = (error: GatewayError) => {
      if (done) return
      done = true
      abandoned.abort()
      log.warn('login.refused', { address, code: error.code, message: error.message, cause: causeOf(error) })
      refuse(current, error)
    }
    socket.on('error', (error) => log.info('client.socket', { address, message: error.message }))
    let place: Place
    try {
      place = this.lobby.enter(peer.host, () => {
        turnAway(tooMany('the connection said nothing, and others are waiting'))
        place.leave()
      })
    } catch (error) {
      turnAway(asFatal(error))
      return
    }
    const timer = setTimeout(() => turnAway(tooLate()), this.o.timeoutMs)
    accept(socket, {
      tls: this.o.tls(),
      identities: this.o.identities,
      loopback: peer.loopback,
      encrypted: peer.companion?.tls === true,
      onSecure: (secure) => {
        current = secure
      },
      onStartup: () => {
        if (!this.o.hasRoom()) throw tooMany('sorry, too many clients already')
      },
      onToken: () => place.settle(),
      onCancel: this.o.cancel,
    })
      .then(async (accepted) => {
        if (accepted === undefined) {
          // Only a cancel: whoever keeps the connection open afterwards does not keep it.
          closeSoon(current)
          return
        }
        if (done) return
        place.leave()
        current.once('close', () => abandoned.abort())
        await this.o.begin(accepted, peer, abandoned.signal)
      })
      .catch((error: unknown) => turnAway(asFatal(error)))
      .finally(() => {
        done = true
        clearTimeout(timer)
        place.leave()
      })
  }
}

function refuse(socket: Duplex, error: GatewayError): void {
  if (socket.destroyed) return
  if (error.code === 'no-startup') socket.end()
  else socket.end(errorFrame({ ...error.fields, severity: 'FATAL' }))
  closeSoon(socket)
}

/** What was said last may still be on its way. */
function closeSoon(socket: Duplex): void {
  setTimeout(() => socket.destroy(), 1000).unref()
}

function tooLate(): GatewayError {
  return new GatewayError({ code: 'login-timeout', sqlstate: '08006', message: 'the login took too long', severity: 'FATAL' })
}

function tooMany(message: string): GatewayError {
  return new GatewayError({ code: 'too-many', sqlstate: '53300', message, hint: 'Try again in a moment.', severity: 'FATAL' })
}

function asFatal(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const message = 'the gateway failed during the login'
  return new GatewayError({ code: 'internal', sqlstate: 'XX000', message, severity: 'FATAL' }, { cause: error })
}

function causeOf(error: GatewayError): string {
  return error.code === 'internal' ? String(error.cause) : ''
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.'))
}
