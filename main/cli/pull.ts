import type { Command } from './command.ts'
import { HOST_HELP, HOST_OPTIONS, HostApiError, hostApi } from './host-api.ts'

export const pull: Command = {
  summary: 'prints the configuration that is in force in a running host, as apply takes it',
  usage: '--url URL --token TOKEN [--ca FILE]',
  help: `YAML, with its comments. Secrets in it are references.
${HOST_HELP}`,
  options: HOST_OPTIONS,
  positionals: { min: 0, max: 0 },
  required: ['url'],
  async run(values, _positionals, terminal) {
    try {
      terminal.out((await hostApi(values, terminal).call('readConfiguration')).yaml)
      return 0
    } catch (cause) {
      if (!(cause instanceof HostApiError)) throw cause
      terminal.err(`sallyport pull: ${cause.message}\n`)
      return 1
    }
  },
}
