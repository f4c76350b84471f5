import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { didYouMean } from '../config/nearest.ts'
import { isLoopback } from '../config/units.ts'
import { type McpClient, mcpClients, mcpUrl, psqlCommand, SERVER_NAME, TOKEN_VARIABLE } from '../contract/mcp-clients.ts'
import { type Command, type OptionValues, type Terminal, textOption, UsageError } from './command.ts'

const CLIENTS = [...mcpClients.map((client) => client.key), 'psql']

export const connect: Command = {
  summary: 'writes a client’s configuration, so that it goes through Sallyport',
  usage: 'cursor|claude-code|vscode|psql --url URL [--folder DIR] [--dry-run]',
  help: `Adds the host's /mcp to the client's configuration in the project (.cursor/mcp.json, .mcp.json, .vscode/mcp.json) beside what stands there, and keeps a copy of
the file as it was (mcp.json.before-sallyport). --dry-run says what would be written, and writes nothing. No token is ever written: the client reads it
from ${TOKEN_VARIABLE}. For psql it prints the command (--proxy HOST:PORT and --connection NAME).`,
  options: {
    url: { type: 'string' },
    folder: { type: 'string' },
    'dry-run': { type: 'boolean' },
    proxy: { type: 'string' },
    connection: { type: 'string' },
  },
  positionals: { min: 1, max: 1 },
  required: [],
  async run(values, [name], terminal) {
    if (name === 'psql') {
      terminal.out(`${psqlCommand(textOption(values, 'proxy'), textOption(values, 'connection'))}\n`)
      return 0
    }
    const client = mcpClients.find(({ key }) => key === name)
    if (client === undefined) throw new UsageError(`"${name}" is not known here: ${CLIENTS.join(', ')}.${didYouMean(name ?? '', CLIENTS)}`)
    return writeClient(client, urlOf(values), folderOf(values), values['dry-run'] === true, terminal)
  },
}

function writeClient(client: McpClient, url: string, folder: string, dryRun: boolean, terminal: Terminal): number {
  const file = join(folder, client.file)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  const after = withServer(before, client, url, file)
  const shown = relative(process.cwd(), file) || file
  if (after === before) terminal.out(`${shown} says so already.\n`)
  else if (dryRun) terminal.out(`Would write ${shown}:\n\n${after}`)
  else {
    mkdirSync(dirname(file), { recursive: true })
    const copy = `${file}.before-sallyport`
    // The first copy is the one from before all this.
    if (before !== undefined && !existsSync(copy)) writeFileSync(copy, before, { mode: 0o600 })
    writeFileSync(`${file}.new`, after)
    renameSync(`${file}.new`, file)
    terminal.out(`Wrote ${shown}.${before === undefined ? '' : ` As it was: ${shown}.before-sallyport`}\n`)
  }
  const other = [
    client.link(url) === undefined ? '' : `Or open this link, and ${client.name} asks you: ${client.link(url)}`,
    client.command(url) === undefined ? '' : `Or run: ${client.command(url)}`,
  ].filter((line) => line !== '')
  terminal.out(
    `${other.map((line) => `${line}\n`).join('')}Set ${TOKEN_VARIABLE} to your token where ${client.name} is started, then start it again.\n`,
  )
  if (terminal.env[TOKEN_VARIABLE] === undefined) terminal.err(`${TOKEN_VARIABLE} is not set here yet.\n`)
  return 0
}

/** The file with our server in it; all else stays. Throws `UsageError` where it is not the JSON that it should be: it is never overwritten. */
function withServer(before: string | undefined, { section, server }: McpClient, url: string, file: string): string {
  let all: unknown
  try {
    all = before === undefined || before.trim() === '' ? {} : JSON.parse(before)
  } catch {
    throw new UsageError(
      `${file} is not plain JSON (comments perhaps), so it is left as it is. Add this under "${section}" yourself:\n${JSON.stringify({ [SERVER_NAME]: server(url) }, null, 2)}`,
    )
  }
  if (!isRecord(all) || (all[section] !== undefined && !isRecord(all[section]))) {
    throw new UsageError(`${file} has no object "${section}" where one should be; it is left as it is`)
  }
  const servers = isRecord(all[section]) ? all[section] : {}
  if (JSON.stringify(servers[SERVER_NAME]) === JSON.stringify(server(url)) && before !== undefined) return before
  return `${JSON.stringify({ ...all, [section]: { ...servers, [SERVER_NAME]: server(url) } }, null, 2)}\n`
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function urlOf(values: OptionValues): string {
  const text = textOption(values, 'url')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError('--url is the address of the host, such as https://sallyport.corp:8443')
  if (url.username !== '' || url.password !== '' || url.search !== '')
    throw new UsageError('--url holds a credential or a query, which would stand in a file: leave it out')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new UsageError('http would send the token in clear text off loopback: use https')
  return url.pathname === '/' ? mcpUrl(url.origin) : `${url.origin}${url.pathname}`
}

function folderOf(values: OptionValues): string {
  return values['folder'] === undefined ? process.cwd() : resolve(textOption(values, 'folder'))
}
