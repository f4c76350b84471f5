import { parseArgs } from 'node:util'
import { GatewayError } from '../../proxy/errors.ts'
import { didYouMean } from '../config/nearest.ts'
import { ConfigError } from '../config.ts'
import { type Command, type Terminal, UsageError } from './command.ts'

export type Commands = Readonly<Record<string, Command>>

function overview(commands: Commands): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`)
  return `Usage: sallyport COMMAND …\n\n${lines.join('\n')}\n\nsallyport COMMAND --help says more about each.\n`
}

const helpOf = (name: string, command: Command): string => `Usage: sallyport ${name} ${command.usage}\n\n${command.help}\n`

/** Runs one command line (without node and script). Never throws; the result is the exit code. */
export async function runCli(args: readonly string[], commands: Commands, version: string, terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal[name === undefined ? 'err' : 'out'](overview(commands))
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    terminal.out(`${version}\n`)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    terminal.err(`sallyport: there is no command "${name}".${didYouMean(name, Object.keys(commands))}\n\n${overview(commands)}`)
    return 2
  }
  try {
    const { values, positionals } = parse(command, rest)
    if (values['help'] === true) {
      terminal.out(helpOf(name, command))
      return 0
    }
    for (const option of command.required) {
      if (values[option] === undefined) throw new UsageError(`--${option} is missing`)
    }
    if (positionals.length < command.positionals.min) throw new UsageError('an argument is missing')
    if (positionals.length > command.positionals.max) throw new UsageError(`there is an argument too many: "${positionals.at(-1)}"`)
    return await command.run(values, positionals, terminal)
  } catch (error) {
    return report(error, name, command, terminal)
  }
}

function parse(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    }) as { values: Record<string, string | boolean | undefined>; positionals: string[] }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const unknown = /^Unknown option '(-+[^'= ]*)/.exec(error.message)?.[1]
    const known = ['help', ...Object.keys(command.options)]
    const said = unknown === undefined ? error.message : `there is no option "${unknown}".${didYouMean(unknown.replace(/^-+/, ''), known)}`
    throw new UsageError(said)
  }
}

function report(error: unknown, name: string, command: Command, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`sallyport ${name}: ${error.message}\n\nUsage: sallyport ${name} ${command.usage}\n`)
    return 2
  }
  if (error instanceof ConfigError) {
    terminal.err(`${error.message}\n`)
    return 1
  }
  if (error instanceof GatewayError) {
    const hint = error.fields.hint === undefined ? '' : `\nHint: ${error.fields.hint}`
    terminal.err(`sallyport ${name}: ${error.message}${hint}\n`)
    return 1
  }
  terminal.err(`sallyport ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
  if (!isExpected(error) && error instanceof Error) terminal.err(`${error.stack ?? ''}\n`)
  return 1
}

/** What the system says (a taken port, a missing file) needs no stack. */
function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return true
  return (
    error.name === 'StoreError' ||
    error.name === 'BundleError' ||
    error.name === 'BackupError' ||
    error.name === 'SqlClientError' ||
    typeof (error as NodeJS.ErrnoException).code === 'string'
  )
}
