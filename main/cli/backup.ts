import { VERSION } from '../version.ts'
import { type Command, textOption } from './command.ts'

export const backup: Command = {
  summary: 'copies a data directory while its host runs',
  usage: '--data DIR --to DIR [--with-keys]',
  help: `Writes a new folder with both databases, each as it is at one moment, and the journal up to what the search database has taken in; proves all of it
before it is done. Keep the folder as carefully as the data directory: it holds every recorded statement and answer.
--with-keys puts the vault in too (signing key, key of masked tokens, credentials). It is encrypted only if the host runs with SALLYPORT_VAULT_KEY; keep that key elsewhere.
Without it, a host that is restored needs the vault (vault.json) from another place, or starts with new keys.
Exit code 0 when the back-up is whole and proved.`,
  options: { data: { type: 'string' }, to: { type: 'string' }, 'with-keys': { type: 'boolean' } },
  positionals: { min: 0, max: 0 },
  required: ['data', 'to'],
  async run(values, _positionals, terminal) {
    const [{ makeBackup }, { leaveAct }] = await Promise.all([import('../backup/make-backup.ts'), import('../audit/spool.ts')])
    const dataDir = textOption(values, 'data')
    const to = textOption(values, 'to')
    const now = Date.now()
    const { manifest, bytes, events } = await makeBackup({ dataDir, to, withKeys: values['with-keys'] === true, program: VERSION, now })
    leaveAct(dataDir, 'backup-made', now, { keys: manifest.keys, files: manifest.files.length, bytes })
    const size = `${(bytes / 1_000_000).toFixed(1)} MB in ${manifest.files.length} files, ${events} recorded events, proved`
    terminal.out(
      `${to}: ${size}.\n${manifest.keys ? 'The keys are in it.' : 'The keys are not in it: keep vault.json of the data directory elsewhere.'}\n`,
    )
    return 0
  },
}
