import { type Command, textOption } from './command.ts'

export const exportCommand: Command = {
  summary: 'prints a recorded session as JSON Lines',
  usage: '--data DIR --session ID',
  help: `Prints the session's events with their hashes, so that the chain can be computed again elsewhere. What was masked stays masked.
Reads only; a host may be running. Exit code 1 when there is no such session.`,
  options: { data: { type: 'string' }, session: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: ['data', 'session'],
  async run(values, _positionals, terminal) {
    const { exportSession, findSession, openRecordingsReadOnly } = await import('./recorded-sessions.ts')
    const id = textOption(values, 'session')
    const db = openRecordingsReadOnly(textOption(values, 'data'))
    try {
      const session = findSession(db, id)
      if (session === undefined) {
        terminal.err(`There is no session "${id}" in this data directory.\n`)
        return 1
      }
      for (const line of exportSession(db, session)) terminal.out(`${line}\n`)
      return 0
    } finally {
      db.close()
    }
  },
}
