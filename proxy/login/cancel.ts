import type { Upstream } from '../ports.ts'
import { cancelFrame } from '../wire/own-messages.ts'
import { connectServer } from './connect.ts'
import type { UpstreamSocket } from './upstream.ts'

const TIMEOUT_MS = 5_000

/**
 * Asks the server to stop what runs on that connection, on one of its own, encrypted as that one is: the key would let others stop later
 * statements. Resolves when the server has closed it: by then it has passed the signal on, and it cannot hit a later statement. Never
 * rejects: whether a cancel arrived is nothing that anybody can know.
 */
export async function cancelUpstream(upstream: Upstream, { processId, secret }: UpstreamSocket): Promise<void> {
  const connection = await connectServer(upstream, TIMEOUT_MS).catch(() => undefined)
  if (connection === undefined) return
  const { socket } = connection
  await new Promise<void>((resolve) => {
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve())
    setTimeout(() => socket.destroy(), TIMEOUT_MS).unref()
    socket.end(cancelFrame(processId, secret))
    socket.resume()
  })
}
