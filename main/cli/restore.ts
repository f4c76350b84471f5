import { type Command, textOption } from './command.ts'

export const restore: Command = {
  summary: 'makes a data directory of a back-up',
  usage: '--from DIR --data DIR',
  help: `Holds every file against its hash, proves the record, and makes a new data directory of it; the folder must be empty or not there. Approvals that were open
when the back-up was made have expired, standing ones have ended, and everybody signs in anew: what was used or withdrawn since must not be good a second time.
Where the back-up has no keys, put vault.json into the folder before the host starts, with the key (SALLYPORT_VAULT_KEY) that it was made with.
Exit code 0 when the host can be started with it.`,
  options: { from: { type: 'string' }, data: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  required: ['from', 'data'],
  async run(values, _positionals, terminal) {
    const { restoreBackup } = await import('../backup/restore-backup.ts')
    const dataDir = textOption(values, 'data')
    const { manifest, events, expired } = await restoreBackup({ from: textOption(values, 'from'), dataDir, now: Date.now() })
    const keys = manifest.keys
      ? ''
      : `It has no keys. Put vault.json into ${dataDir} before the host starts. Without it the host makes new ones: credentials that were kept in the vault have to be
written again, masked tokens are others than before, and new signatures are of another key.\n`
    terminal.out(
      `${dataDir}: as of ${new Date(manifest.at).toISOString()}, ${events} recorded events, proved. ${expired} open approvals have expired.\n${keys}`,
    )
    return 0
  },
}
