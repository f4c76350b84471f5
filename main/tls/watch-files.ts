import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Log } from '../../proxy/ports.ts'
import { fingerprintOf, type TlsPair } from './tls-pair.ts'

const LOOK_MS = 5000

export interface TlsWatch {
  /** Why the new files are not used, as a sentence; undefined while all is well. */
  trouble(): string | undefined
  stop(): void
}

/**
 * Reads certificate and key again when a file changes, as renewing programs change them, and passes them on when they belong together. Until then the
 * ones before stay in use: a renewal that writes one file after the other shows nothing of that.
 */
export function watchTlsFiles(
  files: { readonly certFile: string; readonly keyFile: string },
  log: Log,
  use: (pair: TlsPair) => void,
): TlsWatch {
  const { certFile, keyFile } = files
  let seen = stateOf(certFile, keyFile)
  let trouble: string | undefined
  const look = (): void => {
    const now = stateOf(certFile, keyFile)
    if (now === seen && trouble === undefined) return
    try {
      const pair = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
      createSecureContext(pair)
      use(pair)
      trouble = undefined
      seen = now
      log.info('tls-reloaded', { certFile, fingerprint: fingerprintOf(pair.cert) })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      if (trouble === undefined) log.warn('tls-not-reloaded', { certFile, reason })
      trouble = `The certificate ${certFile} was changed and cannot be used with its key, so the one before stays in use.`
    }
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return { trouble: () => trouble, stop: () => clearInterval(timer) }
}

function stateOf(...paths: readonly string[]): string {
  return paths
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat === undefined ? 'gone' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
    })
    .join('\n')
}
