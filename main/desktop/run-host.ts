import { join } from 'node:path'
import type { Log } from '../../proxy/ports.ts'
import { loadConfig } from '../config.ts'
import type { Host } from '../host.ts'
import { vaultFile } from '../vault/open-vault.ts'
import { type Keychain, readVaultKeyFrom } from './keep-vault-key.ts'

export interface HostHere {
  readonly web: string
  readonly proxy: string
  /** The certificate that its pages come with just now; null in clear text. */
  fingerprint(): string | null
  /** Its own words for trouble, worst first. */
  trouble(): readonly string[]
  liveSessions(): number
  pendingApprovals(): number
  /** Lets statements in flight finish, as SIGTERM does to the headless host. */
  close(): Promise<void>
}

export interface RunHostOptions {
  readonly configFile: string
  /** The app's own folder; the host's data is `host` in it, unless `SALLYPORT_DATA` names another. */
  readonly folder: string
  readonly keychain: Keychain
  readonly log: Log
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pagesDirectory?: string
}

export const DRAIN_MS = 10_000

/**
 * Starts the host in this process. The vault's key is the environment's where one is given, else the keychain's. Rejects with what is wrong with configuration,
 * key, data directory or address.
 */
export async function runHost({ configFile, folder, keychain, log, env, pagesDirectory }: RunHostOptions): Promise<HostHere> {
  const dataDir = env['SALLYPORT_DATA'] ?? join(folder, 'host')
  const given = env['SALLYPORT_VAULT_KEY'] !== undefined || env['SALLYPORT_VAULT_KEY_FILE'] !== undefined
  const config = loadConfig(configFile, env)
  const key = given ? {} : { SALLYPORT_VAULT_KEY: await readVaultKeyFrom(keychain, join(folder, 'vault-key.json'), vaultFile(dataDir)) }
  const { startHost } = await import('../host.ts')
  const host: Host = await startHost(config, dataDir, {
    log,
    env: { ...env, ...key },
    ...(pagesDirectory === undefined ? {} : { pagesDirectory }),
  })
  const detail = () => host.health().detail
  return {
    web: host.web,
    proxy: host.proxy,
    fingerprint: () => host.webFingerprint(),
    trouble: () => detail().trouble,
    liveSessions: () => detail().liveSessions,
    pendingApprovals: () => detail().pendingApprovals,
    close: () => host.close(DRAIN_MS),
  }
}
