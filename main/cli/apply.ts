import { readFileSync } from 'node:fs'
import type { ConfigurationCheck, Difference } from '../contract/configuration.ts'
import type { Command, Terminal } from './command.ts'
import { HOST_HELP, HOST_OPTIONS, HostApiError, hostApi } from './host-api.ts'
import { printable } from './table.ts'

export const apply: Command = {
  summary: 'puts a configuration into a running host, and shows what changes by it',
  usage: 'FILE --url URL --token TOKEN [--dry-run] [--comment TEXT] [--force] [--ca FILE]',
  help: `The host checks FILE, runs its policy tests, and puts it in force whole or not at all. Credentials that FILE spells out go into the host's vault;
\${env:…} and \${file:…} are the host's, and only those that its configuration has already.
${HOST_HELP}
  --dry-run      only shows the difference, and what the host has to say
  --comment TEXT why, for those who read the versions later
  --force        even if policy tests fail, or if you would no longer be an admin by it
Exit code 0 when it is in force (or could be), 1 when not.`,
  options: { ...HOST_OPTIONS, 'dry-run': { type: 'boolean' }, comment: { type: 'string' }, force: { type: 'boolean' } },
  positionals: { min: 1, max: 1 },
  required: ['url'],
  async run(values, [file], terminal) {
    const api = hostApi(values, terminal)
    const yaml = readFileSync(file!, 'utf8')
    try {
      const { version } = await api.call('readConfiguration')
      const found = await api.call('checkConfiguration', { yaml })
      printDifference(found.difference, terminal)
      const bad = printCheck(found, file!, terminal)
      if (found.faults.length > 0) return 1
      if (values['dry-run'] === true) {
        terminal.out(bad ? 'It would not be put in force without --force.\n' : 'It could be put in force.\n')
        return bad ? 1 : 0
      }
      const comment = typeof values['comment'] === 'string' ? values['comment'] : ''
      const done = await api.call('changeConfiguration', { version, yaml, comment, force: values['force'] === true })
      terminal.out(done.changed ? `Version ${done.version} is in force.\n` : `Nothing changes: version ${done.version} stays in force.\n`)
      if (done.endedSessions > 0) terminal.out(`${done.endedSessions} sessions were ended by it.\n`)
      return 0
    } catch (cause) {
      if (!(cause instanceof HostApiError)) throw cause
      terminal.err(`sallyport apply: ${cause.message}\n`)
      for (const { at, message } of cause.errors) terminal.err(`  ${at}: ${printable(message)}\n`)
      return 1
    }
  },
}

const COLOURS = { added: '\x1b[32m', removed: '\x1b[31m', same: '' } as const
const SIGNS = { added: '+', removed: '-', same: ' ' } as const

function printDifference({ lines, added, removed, cut }: Difference, terminal: Terminal): void {
  const coloured = process.stdout.isTTY === true && terminal.env['NO_COLOR'] === undefined
  let last = 0
  for (const { kind, before, after, text } of lines) {
    const at = before ?? after ?? 0
    if (last > 0 && kind === 'same' && at > last + 1) terminal.out('  …\n')
    last = at
    const line = `${SIGNS[kind]} ${printable(text)}`
    terminal.out(coloured && kind !== 'same' ? `${COLOURS[kind]}${line}\x1b[0m\n` : `${line}\n`)
  }
  if (cut) terminal.out('  … (too much differs for all of it to be shown)\n')
  terminal.out(added + removed === 0 ? 'No difference.\n' : `${added} lines more, ${removed} less.\n`)
}

/** True: the host would want `force`. */
function printCheck(found: ConfigurationCheck, file: string, terminal: Terminal): boolean {
  for (const { line, column, path, message, allowed } of found.faults) {
    terminal.err(`${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${printable(message)}\n`)
    if (allowed !== null) terminal.err(`    Allowed: ${printable(allowed)}\n`)
  }
  for (const { line, column, path, message } of found.warnings) {
    terminal.err(`${file}:${line}:${column}: warning: ${path}: ${printable(message)}\n`)
  }
  for (const { line, index, name, message } of found.tests.filter(({ passed }) => !passed)) {
    terminal.err(`${file}:${line}: tests[${index}]${name === null ? '' : ` (${name})`}: ${printable(message ?? '')}\n`)
  }
  if (found.fromNextStart.length > 0) terminal.out(`From the host's next start: ${found.fromNextStart.join(', ')}.\n`)
  if (found.endsSessions > 0) terminal.out(`${found.endsSessions} running sessions may no longer be, and end.\n`)
  return !found.ok
}
