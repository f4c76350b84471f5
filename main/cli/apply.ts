import type { Command } from './command.ts'

export const apply: Command = {
  summary: 'puts policies, masking and connections into a running host (not in this version)',
  usage: 'FILE --url URL --token TOKEN',
  help: `Not available in this version: the host's API does not yet take configurations.
Change the host's own file and restart it; "sallyport check FILE" tells beforehand whether it is in order.`,
  options: { url: { type: 'string' }, token: { type: 'string' } },
  positionals: { min: 0, max: 1 },
  required: [],
  async run(_values, _positionals, terminal) {
    terminal.err('sallyport apply is not available in this version. Change the host’s own configuration file and restart it.\n')
    return 2
  },
}
