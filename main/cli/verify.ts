import { type Command, textOption } from './command.ts'

export const verify: Command = {
  summary: 'proves that recordings are as they were written',
  usage: '--data DIR [--session ID]',
  help: `Computes the hash chain of every session (or of one) again, and compares it with what was recorded. Reads only; a host may be running.
Exit code 0 when all fits, 1 with the first event that does not.`,
  options: { data: { type: 'string' }, session: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: ['data'],
  async run(values, _positionals, terminal) {
    const { verifyRecordings } = await import('../recordings/verify-recordings.ts')
    const session = values['session'] === undefined ? undefined : textOption(values, 'session')
    const { faults, sessions, events, behindBytes } = verifyRecordings(textOption(values, 'data'), session)
    for (const fault of faults) terminal.err(`${fault.text}\n`)
    if (faults.length > 0) return 1
    const behind = behindBytes > 0 ? ` ${behindBytes} bytes of the journal are not in the database yet; their chain was checked too.` : ''
    terminal.out(
      `All fits: ${sessions} ${sessions === 1 ? 'session' : 'sessions'}, ${events} ${events === 1 ? 'event' : 'events'}.${behind}\n`,
    )
    return 0
  },
}
