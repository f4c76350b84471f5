import { once } from 'node:events'
import net from 'node:net'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import type { SiemSink, SiemTarget } from './sink.ts'
import { syslogFrame } from './syslog-frame.ts'

const CONNECT_MS = 10_000
/**
 * Syslog over TCP acknowledges nothing: a receiver that goes away is noticed by its reset. What was written counts as delivered once the connection
 * has stood this long after; until then it is sent again on the next one.
 */
const STANDING_MS = 1000

export function createSyslogSink(target: SiemTarget & { to: 'syslog' }): SiemSink {
  let socket: net.Socket | undefined
  return {
    send: async (events) => {
      socket ??= await connect(target)
      const open = socket
      try {
        const failed = once(open, 'close').then(() => {
          throw new Error('the receiver closed the connection')
        })
        const frames = Buffer.concat(events.map((event) => syslogFrame(event, target.facility, os.hostname(), process.pid)))
        const written = new Promise<void>((resolve, reject) => open.write(frames, (error) => (error ? reject(error) : resolve())))
        await Promise.race([written.then(() => sleep(STANDING_MS)), failed])
        if (open.destroyed) throw new Error('the receiver closed the connection')
      } catch (cause) {
        open.destroy()
        socket = undefined
        throw cause
      }
    },
    close: () => socket?.destroy(),
  }
}

async function connect({ host, port, tls: mode, ca }: SiemTarget & { to: 'syslog' }): Promise<net.Socket> {
  const socket =
    mode === 'disable'
      ? net.connect({ host, port })
      : tls.connect({
          host,
          port,
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
          ...(ca === undefined ? {} : { ca }),
          minVersion: 'TLSv1.2',
        })
  socket.setKeepAlive(true, 15_000)
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${CONNECT_MS / 1000} s`)), CONNECT_MS)
  try {
    await once(socket, mode === 'disable' ? 'connect' : 'secureConnect')
  } finally {
    clearTimeout(timer)
  }
  // Every failure also closes it, which is what is waited for.
  socket.on('error', () => socket.destroy())
  socket.resume()
  return socket
}
