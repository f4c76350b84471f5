import { readFileSync } from 'node:fs'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { isLoopback } from '../config/units.ts'
import { TOKEN_VARIABLE } from '../contract/mcp-clients.ts'
import { type Command, type OptionValues, type Terminal, textOption, UsageError } from './command.ts'

export const mcp: Command = {
  summary: 'bridges MCP over standard input and output to a host',
  usage: '--url URL [--token-env NAME | --token-file FILE]',
  help: `For clients that start a program and speak MCP with it. What they say goes to the host's /mcp, and its answers come back; nothing is kept.
The token is read from the environment (${TOKEN_VARIABLE} unless --token-env says another name), or from a file, anew for each request, so that
whatever renews it there need not start the client again. Off loopback the URL has to be https.`,
  options: { url: { type: 'string' }, 'token-env': { type: 'string' }, 'token-file': { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: ['url'],
  async run(values, _positionals, terminal) {
    const url = endpointOf(textOption(values, 'url'))
    const token = tokenSource(values, terminal)
    token()
    const [{ StdioServerTransport }, { StreamableHTTPClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/stdio.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    ])
    const inner = new StdioServerTransport()
    const outer = new StreamableHTTPClientTransport(url, {
      fetch: (address, init) => {
        const headers = new Headers(init?.headers)
        headers.set('authorization', `Bearer ${token()}`)
        return fetch(address, { ...init, headers })
      },
    })
    const over = Promise.withResolvers<number>()
    const fail = (error: unknown) => terminal.err(`sallyport mcp: ${wordsOf(error)}\n`)
    inner.onmessage = (message) => {
      noteVersion(outer, message)
      outer.send(message).catch((error: unknown) => {
        fail(error)
        // Whoever asked must not wait for an answer that cannot come.
        if ('id' in message && 'method' in message) {
          inner.send({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: wordsOf(error) } }).catch(fail)
        }
      })
    }
    outer.onmessage = (message) => {
      noteVersion(outer, message)
      inner.send(message).catch(fail)
    }
    outer.onerror = fail
    inner.onclose = () => over.resolve(0)
    process.stdin.on('end', () => over.resolve(0))
    terminal.stopped().addEventListener('abort', () => over.resolve(0))
    await outer.start()
    await inner.start()
    const code = await over.promise
    await outer.terminateSession().catch(fail)
    await outer.close()
    await inner.close()
    return code
  },
}

/** What was agreed on in the handshake has to stand in a header of every request after it. */
function noteVersion(outer: { setProtocolVersion(version: string): void }, message: JSONRPCMessage): void {
  if (!('result' in message)) return
  const { protocolVersion } = message.result as { protocolVersion?: unknown }
  if (typeof protocolVersion === 'string') outer.setProtocolVersion(protocolVersion)
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UsageError('--url is the address of the host, such as https://sallyport.corp:8443/mcp')
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new UsageError('http would send the token in clear text off loopback: use https')
  if (url.pathname === '/') url.pathname = '/mcp'
  return url
}

function tokenSource(values: OptionValues, terminal: Terminal): () => string {
  if (values['token-env'] !== undefined && values['token-file'] !== undefined)
    throw new UsageError('give --token-env or --token-file, not both')
  const file = values['token-file'] === undefined ? undefined : textOption(values, 'token-file')
  const name = values['token-env'] === undefined ? TOKEN_VARIABLE : textOption(values, 'token-env')
  return () => {
    const token = (file === undefined ? terminal.env[name] : readFileSync(file, 'utf8'))?.trim() ?? ''
    if (token === '') throw new UsageError(file === undefined ? `there is no token: ${name} is not set` : `there is no token in ${file}`)
    return token
  }
}

function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/Bearer \S+/g, 'Bearer …').slice(0, 1000)
}
