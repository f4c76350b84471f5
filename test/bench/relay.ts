/** The measure of everything: two sockets and two pipes, nothing read, in a process of its own. Prints its port. */
import net from 'node:net'

const target = Number(process.argv[2])

const server = net.createServer({ noDelay: true }, (client) => {
  const upstream = net.connect({ host: '127.0.0.1', port: target, noDelay: true })
  client.pipe(upstream)
  upstream.pipe(client)
  const close = (): void => {
    client.destroy()
    upstream.destroy()
  }
  client.on('error', close).on('close', close)
  upstream.on('error', close).on('close', close)
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : undefined })}\n`)
})
// The bench holds the other end: when it is gone, so are we.
process.stdin.on('end', () => process.exit(0)).resume()
