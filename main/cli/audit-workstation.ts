import { homedir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { findRoutes, type Route } from './audit/find-routes.ts'
import { textOf, walkFolder } from './audit/walk-folder.ts'
import { type Command, textOption } from './command.ts'
import { printable } from './table.ts'

/** Where clients keep what is a person's own. */
const HOME_FILES = [
  '.pgpass',
  '.pg_service.conf',
  '.psqlrc',
  '.cursor/mcp.json',
  '.claude.json',
  '.codeium/windsurf/mcp_config.json',
  '.config/Claude/claude_desktop_config.json',
  'Library/Application Support/Claude/claude_desktop_config.json',
  'AppData/Roaming/Claude/claude_desktop_config.json',
  'AppData/Roaming/postgresql/pgpass.conf',
]
const VARIABLES = /^(?:PGPASSWORD|PGPASSFILE|PGSERVICE(?:FILE)?|.*DATABASE_URL|.*POSTGRES(?:QL)?_(?:URL|PASSWORD)|.*_DSN)$/

export const auditWorkstation: Command = {
  summary: 'finds ways to a database that do not lead through Sallyport',
  usage: '[FOLDER] [--home] [--proxy HOST:PORT]',
  help: `Looks through a folder (this one unless told) for addresses with a password, .pgpass and pg_service.conf, clients' mcp.json, docker-compose, and the
configuration of frameworks, and at this shell's environment; with --home also at the usual places in your home folder. Each find is named by file,
line, and where it leads. No user name and no password is ever printed. --proxy names Sallyport's own address, so that what leads there is not a find.
Exit code 0 when nothing was found, 1 when something was.`,
  options: { home: { type: 'boolean' }, proxy: { type: 'string' } },
  positionals: { min: 0, max: 1 },
  required: [],
  async run(values, [folder = '.'], terminal) {
    const root = resolve(folder)
    const ours = new Set(values['proxy'] === undefined ? [] : [textOption(values, 'proxy')])
    const walked = walkFolder(root)
    const left: string[] = []
    let found = 0
    const report = (place: string, routes: readonly Route[]): void => {
      for (const { line, what, target } of routes) {
        found++
        terminal.out(
          `${printable(place)}${line > 0 ? `:${line}` : ''}: ${printable(what)}${target === '' ? '' : ` → ${printable(target)}`}\n`,
        )
      }
    }
    for (const { path, text } of walked.each) report(relative(root, path), findRoutes(path, text, { ours }))
    if (values['home'] === true) {
      for (const name of HOME_FILES) {
        const path = join(homedir(), name)
        const text = textOf(path, left)
        if (text !== undefined) report(`~/${name}`, findRoutes(path, text, { ours }))
      }
    }
    const named = Object.entries(terminal.env).filter(([name, value]) => VARIABLES.test(name) && value !== undefined && value !== '')
    for (const [name, value = ''] of named) {
      const routes = findRoutes('environment', `${name}=${value}`, { ours })
      const [route] = routes
      if (route !== undefined || !value.includes('://')) report('environment', [{ line: 0, what: name, target: route?.target ?? '' }])
    }
    for (const words of [...walked.left, ...left]) terminal.err(`not looked at: ${printable(words)}\n`)
    terminal.out(summary(found))
    return found === 0 ? 0 : 1
  },
}

function summary(found: number): string {
  if (found === 0) return 'Nothing was found that leads around Sallyport.\n'
  const what = found === 1 ? '1 way leads' : `${found} ways lead`
  return `\n${what} around Sallyport: an agent that reads these can reach the database unseen. Take the passwords out, change them at the database, and let only the host of Sallyport connect (pg_hba.conf, firewall).\n`
}
