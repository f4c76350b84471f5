import type { ReadVault } from '../config/references.ts'
import { ConfigError, type ConnectionConfig, type Environment, parseConfig } from '../config.ts'

/** One connection as it stands in a file, read by the same rules. Throws `ConfigError` with its faults, their paths from the connection on. */
export function readDraftConnection(
  draft: Readonly<Record<string, unknown>>,
  folder: string,
  from: { readonly env: Environment; readonly vault: ReadVault },
): ConnectionConfig {
  const text = JSON.stringify({
    identity: { providers: [{ name: 'draft', issuer: 'https://draft.invalid', audience: 'draft', clientId: 'draft' }] },
    connections: [{ groups: ['draft'], engine: 'postgres', ...draft }],
  })
  try {
    const [connection] = parseConfig(text, { file: 'connection', folder, ...from }).connections
    if (connection === undefined) throw new Error('a configuration has a connection')
    return connection
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    throw new ConfigError(
      cause.faults.map((fault) => ({ ...fault, line: 0, column: 0, path: fault.path.replace(/^connections\[0\]\.?/, '') })),
    )
  }
}
