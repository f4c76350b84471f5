import { z } from 'zod'
import type { KeyPath } from './document.ts'
import { choice, collector, name, secret, text } from './scalars.ts'
import type { Secret } from './secret.ts'
import { isLoopback } from './units.ts'

/** What others are told of. Never a statement, a parameter or a value: see docs/api.md. */
export const NOTICES = [
  'approval-asked',
  'approval-decided',
  'approval-expired',
  'host-trouble',
  'chain-broken',
  'agents-paused',
  'agents-resumed',
] as const
export type Notice = (typeof NOTICES)[number]

/** A receiver of notifications. */
export interface NotifyConfig {
  readonly name: string
  readonly events: readonly Notice[]
  readonly to:
    | { readonly kind: 'webhook'; readonly url: string; readonly secret: Secret; readonly ca: string | undefined }
    /** The address itself is the credential. */
    | { readonly kind: 'slack'; readonly url: Secret }
}

export const notifyEntry = z.strictObject({
  name: name('the receiver’s name'),
  events: z.array(choice(NOTICES)).min(1).optional(),
  webhook: z.strictObject({ url: collector(), secret: secret(), ca: text('the path of a PEM file').optional() }).optional(),
  slack: z.strictObject({ url: secret() }).optional(),
})
export type NotifyShape = z.output<typeof notifyEntry>

export function completeNotify({ name, events, webhook, slack }: NotifyShape, ca: string | undefined): NotifyConfig[] {
  const common = { name, events: events ?? NOTICES }
  if (webhook !== undefined) return [{ ...common, to: { kind: 'webhook', url: webhook.url, secret: webhook.secret, ca } }]
  return slack === undefined ? [] : [{ ...common, to: { kind: 'slack', url: slack.url } }]
}

type Entry = Readonly<Record<string, unknown>>
const entryOf = (value: unknown): Entry => (value !== null && typeof value === 'object' ? (value as Entry) : {})

/** One way to each receiver; a Slack address is https, and is not shown in the fault. */
export function checkNotify(entries: readonly Entry[], fault: (path: KeyPath, message: string, allowed?: string) => void): void {
  entries.forEach((entry, i) => {
    if ('webhook' in entry === 'slack' in entry) fault(['notify', i], 'needs one way.', 'either webhook or slack')
    const { secret } = entryOf(entry['webhook'])
    if (typeof secret === 'string' && secret.length < 16) {
      fault(
        ['notify', i, 'webhook', 'secret'],
        'is shorter than 16 characters and could be guessed.',
        'for example the output of "openssl rand -base64 32"',
      )
    }
    const { url } = entryOf(entry['slack'])
    if (typeof url !== 'string' || url.startsWith('$')) return
    const parsed = URL.canParse(url) ? new URL(url) : undefined
    if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname))) return
    fault(['notify', i, 'slack', 'url'], 'is no https address.', 'the address that Slack gives for an incoming webhook')
  })
}
