import type { Clock, Log } from '../../proxy/ports.ts'
import { type Config, ConfigError, type Environment, parseConfig } from '../config.ts'
import type { ConfigurationRow, ConfigurationTable } from '../store/configuration-table.ts'
import type { ConfigSecrets } from './config-secrets.ts'
import { keepSecrets } from './keep-secrets.ts'

export interface OpenConfigurationOptions {
  /** As the file says it. */
  readonly file: Config
  readonly table: ConfigurationTable
  readonly secrets: ConfigSecrets
  readonly env: Environment
  readonly clock: Clock
  readonly log: Log
}

/**
 * The configuration that holds when the host starts. The file's, where it is not the file of the newest version that came from it: somebody has changed
 * it, and it becomes a version of its own. Otherwise the newest version, which may be one that an admin made since. Credentials that the file
 * spells out go into the vault. Throws `ConfigError` when the version in force cannot be read any more (a variable that is no longer set).
 */
export function openConfiguration(options: OpenConfigurationOptions): { config: Config; row: ConfigurationRow } {
  const { file, table, secrets, log } = options
  const text = file.source.text.reveal()
  const hash = secrets.hashOf(text)
  const newest = table.newest()
  if (newest === undefined || table.newestOfFile()?.file_hash !== hash) {
    const row = takeFile(options, text, hash, newest)
    return { config: parse(options, row.text, file.file), row }
  }
  if (newest.file_hash === null) {
    log.info('configuration.version-in-force', { version: newest.version, source: newest.source, file: file.file })
  }
  return {
    config: parse(options, newest.text, newest.file_hash === null ? `${file.file} (version ${newest.version})` : file.file),
    row: newest,
  }
}

function takeFile(
  { file, table, secrets, clock, log }: OpenConfigurationOptions,
  text: string,
  hash: string,
  before: ConfigurationRow | undefined,
) {
  const kept = keepSecrets(text)
  const undo = secrets.write(kept.secrets)
  const row: ConfigurationRow = {
    version: (before?.version ?? 0) + 1,
    at: clock.now(),
    source: 'file',
    author: null,
    comment: before === undefined ? 'The file that the host first started with.' : 'The file had changed when the host started.',
    text: kept.text,
    file_hash: hash,
    restored: null,
  }
  try {
    if (!table.insert(row)) throw new Error('another process writes versions of the configuration')
  } catch (cause) {
    undo()
    throw cause
  }
  const made = { version: row.version, file: file.file }
  if (before === undefined || before.source === 'file') log.info('configuration.from-file', made)
  else {
    const note = `The file was changed, so it holds again. Version ${before.version}, which an admin made meanwhile, can be restored.`
    log.warn('configuration.from-file', { ...made, insteadOf: before.version, note })
  }
  return row
}

function parse({ file, secrets, env }: OpenConfigurationOptions, text: string, name: string): Config {
  try {
    return parseConfig(text, { file: name, folder: file.source.folder, env, vault: secrets.read })
  } catch (cause) {
    if (!(cause instanceof ConfigError) || name === file.file) throw cause
    throw new ConfigError(
      cause.faults.map((fault) => ({
        ...fault,
        allowed: `${fault.allowed === undefined ? '' : `${fault.allowed}; `}or change ${file.file}, which then holds instead of this version`,
      })),
    )
  }
}
