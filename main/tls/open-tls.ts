import type { Log } from '../../proxy/ports.ts'
import type { TlsFiles } from '../config/tls-files.ts'
import type { Config } from '../config.ts'
import type { Vault } from '../vault/open-vault.ts'
import { certificateNames } from './certificate-names.ts'
import { readOrMakeCertificate } from './generate-certificate.ts'
import { fingerprintOf, type TlsPair } from './tls-pair.ts'
import { type TlsWatch, watchTlsFiles } from './watch-files.ts'

/** A door's certificate. Undefined where it speaks in clear text: on loopback, or behind a proxy that ends TLS. */
export interface HostTls {
  readonly proxy: TlsPair | undefined
  readonly web: TlsPair | undefined
  /** The host made a certificate at this start, with this fingerprint. */
  readonly made: string | undefined
  /** SHA-256 of the certificates in use, for people to compare. */
  fingerprints(): { readonly proxy: string | null; readonly web: string | null }
  /** Sentences for people. */
  trouble(): string[]
  /** Passes on what replaces them, as files change. */
  follow(use: { readonly proxy: (pair: TlsPair) => void; readonly web: (pair: TlsPair) => void }): void
  stop(): void
}

export interface HostTlsOptions {
  readonly config: Pick<Config, 'proxy' | 'web'>
  readonly dataDir: string
  readonly vault: Vault
  readonly now: number
  readonly log: Log
}

/** Gets the certificates of both doors together: from files, or made here. */
export async function openTls({ config, dataDir, vault, now, log }: HostTlsOptions): Promise<HostTls> {
  const { proxy, web } = config
  const ours = [proxy.tls === 'generate' ? proxy.listen : undefined, web.tls === 'generate' ? web.listen : undefined]
  const listening = ours.filter((listen) => listen !== undefined)
  const own =
    listening.length === 0 ? undefined : await readOrMakeCertificate(dataDir, vault, certificateNames(listening, web.publicUrl), now)
  const pairOf = (tls: TlsFiles | 'generate' | undefined): TlsPair | undefined =>
    tls === 'generate' ? own : tls === undefined ? undefined : { cert: tls.cert, key: tls.key.reveal() }
  const pairs = { proxy: pairOf(proxy.tls), web: pairOf(web.tls) }
  const inUse = { ...pairs }
  const fingerprint = (pair: TlsPair | undefined): string | null => (pair === undefined ? null : fingerprintOf(pair.cert))
  if (own !== undefined) log.info('tls-certificate', { made: own.made, fingerprint: fingerprintOf(own.cert) })
  const watches: TlsWatch[] = []
  return {
    ...pairs,
    made: own?.made === true ? fingerprintOf(own.cert) : undefined,
    fingerprints: () => ({ proxy: fingerprint(inUse.proxy), web: fingerprint(inUse.web) }),
    trouble: () => watches.flatMap((watch) => watch.trouble() ?? []),
    follow: (use) => {
      for (const door of ['proxy', 'web'] as const) {
        const files = config[door].tls
        if (files === undefined || files === 'generate') continue
        const take = (pair: TlsPair): void => {
          use[door](pair)
          inUse[door] = pair
        }
        watches.push(watchTlsFiles(files, log, take))
      }
    },
    stop: () => {
      for (const watch of watches) watch.stop()
    },
  }
}
