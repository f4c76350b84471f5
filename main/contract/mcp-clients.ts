/**
 * What a client's configuration says, so that it speaks to Sallyport over MCP: the same for the Connect page and `sallyport connect`.
 * None holds a token: each reads it from the environment.
 */

/** The environment variable that clients read the token from. */
export const TOKEN_VARIABLE = 'SALLYPORT_TOKEN'
export const SERVER_NAME = 'sallyport'

export interface McpClient {
  readonly key: 'cursor' | 'claude-code' | 'vscode'
  readonly name: string
  /** Where the configuration goes: `.cursor/mcp.json`. Relative to the project; `~` where it is the user's own. */
  readonly file: string
  /** The key in that file under which servers stand. */
  readonly section: 'mcpServers' | 'servers'
  readonly server: (url: string) => Readonly<Record<string, unknown>>
  /** A command that does the same. */
  readonly command: (url: string) => string | undefined
  /** A link that the client opens and asks its person about. */
  readonly link: (url: string) => string | undefined
}

/** `https://sallyport.corp:8443` → `https://sallyport.corp:8443/mcp`. */
export const mcpUrl = (web: string): string => `${web.replace(/\/+$/, '')}/mcp`

const authorization = (reference: string) => ({ Authorization: `Bearer ${reference}` })

const cursorServer = (url: string) => ({ url, headers: authorization(`\${env:${TOKEN_VARIABLE}}`) })
const vscodeServer = (url: string) => ({ type: 'http', url, headers: authorization(`\${env:${TOKEN_VARIABLE}}`) })
const claudeServer = (url: string) => ({ type: 'http', url, headers: authorization(`\${${TOKEN_VARIABLE}}`) })

export const mcpClients: readonly McpClient[] = [
  {
    key: 'cursor',
    name: 'Cursor',
    file: '.cursor/mcp.json',
    section: 'mcpServers',
    server: cursorServer,
    command: () => undefined,
    link: (url) =>
      `cursor://anysphere.cursor-deeplink/mcp/install?name=${SERVER_NAME}&config=${encodeURIComponent(btoa(JSON.stringify(cursorServer(url))))}`,
  },
  {
    key: 'claude-code',
    name: 'Claude Code',
    file: '.mcp.json',
    section: 'mcpServers',
    server: claudeServer,
    // Single quotes: the shell must not put the token itself into the file.
    command: (url) =>
      `claude mcp add --scope project --transport http ${SERVER_NAME} ${url} --header 'Authorization: Bearer \${${TOKEN_VARIABLE}}'`,
    link: () => undefined,
  },
  {
    key: 'vscode',
    name: 'VS Code',
    file: '.vscode/mcp.json',
    section: 'servers',
    server: vscodeServer,
    command: (url) => `code --add-mcp '${JSON.stringify({ name: SERVER_NAME, ...vscodeServer(url) })}'`,
    link: (url) => `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: SERVER_NAME, ...vscodeServer(url) }))}`,
  },
]

/** The whole of a file that has nothing else in it. */
export function mcpFile({ section, server }: McpClient, url: string): string {
  return `${JSON.stringify({ [section]: { [SERVER_NAME]: server(url) } }, null, 2)}\n`
}

/** psql needs no MCP: the token is its password. */
export function psqlCommand(proxy: string, connection: string): string {
  const at = proxy.lastIndexOf(':')
  const host = proxy.slice(0, at).replace(/^\[|\]$/g, '')
  const loopback = /^(127\.|::1$|localhost$)/.test(host)
  return `PGPASSWORD="$${TOKEN_VARIABLE}" psql "host=${host} port=${proxy.slice(at + 1)} dbname=${connection} user=agent sslmode=${loopback ? 'prefer' : 'verify-full'}"`
}
