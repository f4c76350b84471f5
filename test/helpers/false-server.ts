/** A server of the test's own making: it says what it is told to, so that a hostile or broken database can be tried. */
import net from 'node:net'
import tls from 'node:tls'
import { int32, message } from './encode.ts'

export interface FalseServer {
  readonly port: number
  /** Every byte that it was sent, by connection. */
  readonly received: readonly Buffer[]
  stop(): Promise<void>
}

/** `serve` gets each connection. Its errors are nobody's business. */
export async function startFalseServer(serve: (socket: net.Socket, number: number) => void): Promise<FalseServer> {
  const sockets = new Set<net.Socket>()
  const received: Buffer[] = []
  const server = net.createServer((socket) => {
    const number = received.push(Buffer.alloc(0)) - 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      received[number] = Buffer.concat([received[number] as Buffer, chunk])
    })
    serve(socket, number)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    received,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers SSLRequest with S and these bytes, then speaks TLS. */
export async function secureServer(socket: net.Socket, cert: string, key: string): Promise<tls.TLSSocket> {
  await new Promise((resolve) => socket.once('data', resolve))
  socket.write('S')
  const secure = new tls.TLSSocket(socket, {
    isServer: true,
    secureContext: tls.createSecureContext({ cert, key }),
    ALPNProtocols: ['postgresql'],
  })
  secure.on('error', () => undefined)
  await new Promise((resolve) => secure.once('secure', resolve))
  return secure
}

export const authentication = (kind: number, rest: Buffer = Buffer.alloc(0)): Buffer => message('R', Buffer.concat([int32(kind), rest]))
export const ready = (): Buffer => message('Z', Buffer.from('I'))
export const errorMessage = (code: string, text = 'no'): Buffer => message('E', Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`))
export const keyData = (secret: Buffer): Buffer => message('K', Buffer.concat([int32(4711), secret]))
