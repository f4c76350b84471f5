import { readFileSync } from 'node:fs'
import { GatewayError } from '../../proxy/errors.ts'

/** Shorter than this is a word that can be guessed, not a key. */
const MIN_CHARACTERS = 16

/**
 * What the vault is encrypted with, where the operator gives it: `SALLYPORT_VAULT_KEY` holds the key itself, `SALLYPORT_VAULT_KEY_FILE` the
 * path of a file with it. Undefined when neither is set. Throws `GatewayError` (`misconfigured`) when it is there and of no use.
 */
export function readVaultKey(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = env['SALLYPORT_VAULT_KEY']
  const file = env['SALLYPORT_VAULT_KEY_FILE']
  if (given !== undefined && file !== undefined) {
    throw unusable('SALLYPORT_VAULT_KEY and SALLYPORT_VAULT_KEY_FILE are both set', 'set one of them')
  }
  if (given === undefined && file === undefined) return undefined
  const key = (given ?? readKeyFile(file ?? '')).trim()
  if (key.length < MIN_CHARACTERS) {
    throw unusable(
      `the vault's key has ${key.length} characters`,
      `use ${MIN_CHARACTERS} or more, for example the output of "openssl rand -base64 32"`,
    )
  }
  return key
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw unusable(`the file with the vault's key, ${path}, cannot be read (${code})`, 'correct SALLYPORT_VAULT_KEY_FILE')
  }
}

export function unusable(message: string, hint: string): GatewayError {
  return new GatewayError({ code: 'misconfigured', sqlstate: 'F0000', message, hint, severity: 'FATAL' })
}
