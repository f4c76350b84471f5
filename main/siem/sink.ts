import type { SiemConfig } from '../config/types.ts'
import type { AuditEvent } from './audit-event.ts'

/** Where audit events go. */
export interface SiemSink {
  /** Resolves once the other side has them, as far as its protocol can tell. Rejects with what went wrong; then all of them are sent again. */
  send(events: readonly AuditEvent[]): Promise<void>
  close(): void
}

/** What the host was configured with, in a form that can be handed to a thread. */
export type SiemTarget =
  | {
      readonly to: 'syslog'
      readonly host: string
      readonly port: number
      readonly tls: 'disable' | 'verify-full'
      /** PEM. */
      readonly ca: string | undefined
      readonly facility: number
    }
  | { readonly to: 'https'; readonly url: string; readonly token: string | undefined; readonly ca: string | undefined }

export function targetOf(config: SiemConfig): SiemTarget {
  return config.to === 'syslog' ? { ...config } : { ...config, token: config.token?.reveal() }
}
