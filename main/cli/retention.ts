import { type Command, textOption, UsageError } from './command.ts'

export const retention: Command = {
  summary: 'says what retention would remove',
  usage: '--data DIR --dry-run (--config FILE | --max-age 90d [--max-size 10GiB])',
  help: `Says which whole sessions would go now, and how much that frees, by the configuration's recordings.retention and recordings.maxBytes or by what is
given here. Removes nothing: a running host does that by itself, once an hour. Reads only; a host may be running.`,
  options: {
    data: { type: 'string' },
    config: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'max-age': { type: 'string' },
    'max-size': { type: 'string' },
  },
  positionals: { min: 0, max: 0 },
  required: ['data', 'dry-run'],
  async run(values, _positionals, terminal) {
    const { loadConfig } = await import('../config.ts')
    const { parseDuration, parseSize } = await import('../config/units.ts')
    const { describeRetention } = await import('../recordings/describe-retention.ts')
    const config = values['config'] === undefined ? undefined : loadConfig(textOption(values, 'config'), terminal.env).recordings
    const age = values['max-age'] === undefined ? config?.retentionMs : parseDuration(textOption(values, 'max-age'))
    const size = values['max-size'] === undefined ? config?.maxBytes : parseSize(textOption(values, 'max-size'))
    if (age === undefined) throw new UsageError('--config or --max-age (90d, 12h) is missing or cannot be read')
    if (values['max-size'] !== undefined && size === undefined) throw new UsageError('--max-size cannot be read: write 10GiB, 500MB')
    const going = describeRetention(textOption(values, 'data'), { maxAgeMs: age, maxBytes: size }, Date.now())
    for (const session of going.sessions) {
      terminal.out(
        `${session.id}  ${new Date(session.endedAt).toISOString()}  ${session.connection}  ${session.name}  ${session.statements} statements\n`,
      )
    }
    const what = going.sessions.length === 1 ? '1 session' : `${going.sessions.length} sessions`
    terminal.out(
      `${what} and ${going.journalFiles} journal files would go, about ${(going.bytes / 2 ** 20).toFixed(1)} MiB. Nothing was removed.\n`,
    )
    return 0
  },
}
