import { type Command, textOption, UsageError } from './command.ts'

export const exportCommand: Command = {
  summary: 'prints a recorded session as a bundle that proves itself, or the audit as CSV',
  usage: '--data DIR --session ID [--csv] | --data DIR --csv',
  help: `Prints the session's events with their hashes, its signature, the policies and the public key, as JSON Lines: "sallyport verify --bundle FILE" proves it
anywhere. With --csv a line for each statement instead, of one session or of all. What was masked stays masked.
Reads only; a host may be running. Exit code 1 when there is no such session.`,
  options: { data: { type: 'string' }, session: { type: 'string' }, csv: { type: 'boolean' } },
  positionals: { min: 0, max: 0 },
  required: ['data'],
  async run(values, _positionals, terminal) {
    const { exportSession, findRecord, openRecordingsReadOnly, csvHead, exportCsv, listAllSessions } = await import(
      './recorded-sessions.ts'
    )
    const csv = values['csv'] === true
    if (!csv && values['session'] === undefined) throw new UsageError('--session is missing')
    const db = openRecordingsReadOnly(textOption(values, 'data'))
    try {
      const one = values['session'] === undefined ? undefined : findRecord(db, textOption(values, 'session'))
      if (values['session'] !== undefined && one === undefined) {
        terminal.err(`There is no session "${textOption(values, 'session')}" in this data directory.\n`)
        return 1
      }
      if (csv) {
        terminal.out(`${csvHead()}\n`)
        for (const session of one === undefined ? listAllSessions(db) : [one])
          for (const line of exportCsv(db, session)) terminal.out(`${line}\n`)
      } else if (one !== undefined) for (const line of exportSession(db, one)) terminal.out(`${line}\n`)
      return 0
    } finally {
      db.close()
    }
  },
}
