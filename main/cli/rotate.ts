import { rotateTokenKey } from '../policies/token-key.ts'
import { lockDirectory } from '../store/lock-directory.ts'
import { preparePrivateDirectory } from '../store/prepare-directory.ts'
import { openVault } from '../vault/open-vault.ts'
import { readVaultKey } from '../vault/vault-key.ts'
import { type Command, textOption } from './command.ts'

export const rotate: Command = {
  summary: 'changes the keys of a host’s vault, or the key of the mask form token',
  usage: '--data DIR [--new-key-file FILE] [--token-key]',
  help: `The host has to be stopped. The vault's present key is read as the host reads it: SALLYPORT_VAULT_KEY or SALLYPORT_VAULT_KEY_FILE.
  (no option)           a new data key: everything in the vault is encrypted anew
  --new-key-file FILE   the same, and from now on with the key in FILE (or in SALLYPORT_VAULT_NEW_KEY). A vault that had none gets one
  --token-key           a new key for the mask form "token": every value has another token from the next start on, and tokens
                        that were shown before can no longer be compared with new ones`,
  options: { data: { type: 'string' }, 'new-key-file': { type: 'string' }, 'token-key': { type: 'boolean' } },
  positionals: { min: 0, max: 0 },
  required: ['data'],
  async run(values, _positionals, terminal) {
    const dataDir = textOption(values, 'data')
    preparePrivateDirectory(dataDir)
    const unlock = lockDirectory(dataDir)
    try {
      const present = readVaultKey(terminal.env)
      const vault = openVault(dataDir, present)
      if (values['token-key'] === true) {
        rotateTokenKey(vault)
        terminal.out('The mask form “token” has a new key. It holds from the next start on.\n')
        if (values['new-key-file'] === undefined) return 0
      }
      const next = newKey(values['new-key-file'], terminal.env) ?? present
      vault.reseal(next)
      const kept = `${vault.names().length} secrets are encrypted anew`
      if (next === undefined) terminal.out('The vault has no key of its own: nothing in it is encrypted. Give one with --new-key-file.\n')
      else terminal.out(next === present ? `${kept}, with a new data key.\n` : `${kept}, with the new key. Start the host with that one.\n`)
      return next === undefined ? 1 : 0
    } finally {
      unlock()
    }
  },
}

/** Told by the same rules as the present one. */
function newKey(file: string | boolean | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = env['SALLYPORT_VAULT_NEW_KEY']
  return readVaultKey({
    ...(given === undefined ? {} : { SALLYPORT_VAULT_KEY: given }),
    ...(typeof file === 'string' ? { SALLYPORT_VAULT_KEY_FILE: file } : {}),
  })
}
