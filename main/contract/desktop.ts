import { z } from 'zod'
import { timeSchema } from './people.ts'

/** `https://sallyport.corp:8443`, without a path. */
export const hostAddressSchema = z
  .string()
  .max(300)
  .transform((text, context) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
    const problem = addressProblem(url)
    if (url !== undefined && problem === undefined) return url.origin
    context.addIssue({ code: 'custom', message: problem ?? '' })
    return z.NEVER
  })

function addressProblem(url: URL | undefined): string | undefined {
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'An address looks like https://sallyport.corp:8443.'
  if (url.username !== '' || url.password !== '') return 'An address holds no user and no password.'
  const here = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/.test(url.hostname)
  return url.protocol === 'https:' || here ? undefined : 'Off this machine the address has to begin with https://.'
}

/** SHA-256 of the certificate (DER), as 32 pairs of upper-case hex digits with colons. */
export const fingerprintSchema = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, 'A fingerprint has 32 pairs of hex digits.')

/** What the app is: not chosen yet, the host itself, or a desk that works on a team's host. */
export const desktopModeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unset') }),
  z.strictObject({ kind: z.literal('host'), configFile: z.string().min(1).max(4096) }),
  /** `fingerprint` null: the certificate is judged by the system's own authorities. */
  z.strictObject({ kind: z.literal('desk'), address: hostAddressSchema, fingerprint: fingerprintSchema.nullable() }),
])
export type DesktopMode = z.output<typeof desktopModeSchema>

/** `system`: as the system plays it, which its own settings choose. The named ones are macOS's. */
export const soundSchema = z.enum(['system', 'none', 'Glass', 'Ping', 'Submarine', 'Tink'])
export type Sound = z.infer<typeof soundSchema>

export const desktopAlertsSchema = z.strictObject({
  notifications: z.boolean(),
  /** The card comes up by itself, without taking the keyboard. */
  popUp: z.boolean(),
  sound: soundSchema,
  /** No notification, pop-up or sound until then; null: not now. */
  quietUntil: timeSchema.nullable(),
})

/** Where the team keeps releases for electron-updater (a generic server), and the Ed25519 public key that has signed each of them (SPKI, base64). */
export const desktopUpdatesSchema = z.strictObject({
  from: z.url({ protocol: /^https$/, error: 'Releases come over https://.' }).max(2000),
  publicKey: z.string().regex(/^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/, 'This is no Ed25519 public key (SPKI, base64).'),
})
export type DesktopUpdates = z.output<typeof desktopUpdatesSchema>

export const desktopSettingsSchema = z.strictObject({
  version: z.literal(1),
  mode: desktopModeSchema,
  alerts: desktopAlertsSchema,
  startAtLogin: z.boolean(),
  /** Null: the app never looks. */
  updates: desktopUpdatesSchema.nullable(),
  /** On Linux without a keyring: the owner has said that keys may be kept readable by their own account. */
  plainTextKeys: z.boolean(),
})
export type DesktopSettings = z.output<typeof desktopSettingsSchema>

/** How the app stands with its host. */
export const desktopLinkSchema = z.enum(['none', 'starting', 'signed-out', 'live', 'lost', 'failed'])
export type DesktopLink = z.infer<typeof desktopLinkSchema>

const none = z.strictObject({})
const done = z.null()
const id = z.number().int().positive()

export const desktopAboutSchema = z.object({
  version: z.string(),
  platform: z.enum(['linux', 'win32', 'darwin']),
  mode: z.enum(['unset', 'host', 'desk']),
  /** The host's origin, once it is known. */
  host: z.string().nullable(),
  link: desktopLinkSchema,
  /** Why it does not work just now, in a sentence; null when it does. */
  trouble: z.string().nullable(),
})
export type DesktopAbout = z.infer<typeof desktopAboutSchema>

export const probeSchema = z.object({
  address: z.string(),
  /** Null for http on this machine. */
  certificate: z
    .object({
      fingerprint: fingerprintSchema,
      subject: z.string(),
      issuer: z.string(),
      validTo: z.string(),
      /** An authority that this program knows has signed it, and it names this host. */
      trusted: z.boolean(),
    })
    .nullable(),
})
export type HostProbe = z.infer<typeof probeSchema>

export const licenceSchema = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() })
export type Licence = z.infer<typeof licenceSchema>

/**
 * Every message between a page and the desktop app. `from` says which pages may send it: `host` are the host's own pages (main window, pop-up),
 * `own` are the app's (first start, settings). The answer is `{ ok: true, value }` or `{ ok: false, message }`, a sentence for people.
 */
export const desktopCalls = {
  about: { from: ['host', 'own'], body: none, response: desktopAboutSchema },
  /** Opens the request in the main window. */
  showApproval: { from: ['host'], body: z.strictObject({ id }), response: done },
  /** Hides the pop-up. */
  closePopUp: { from: ['host'], body: none, response: done },
  /** Opens a page of the host in the system's browser: a passkey may be there and not here. */
  openInBrowser: { from: ['host'], body: z.strictObject({ path: z.string().max(2000) }), response: done },
  readSettings: { from: ['own'], body: none, response: desktopSettingsSchema },
  saveSettings: {
    from: ['own'],
    body: desktopSettingsSchema.omit({ version: true, mode: true }).partial(),
    response: desktopSettingsSchema,
  },
  /** Reads the certificate of a team's host, for the person to compare. */
  probeHost: { from: ['own'], body: z.strictObject({ address: hostAddressSchema }), response: probeSchema },
  /** The system's own file dialog; null when it was closed. */
  chooseConfigFile: { from: ['own'], body: none, response: z.string().nullable() },
  /** Takes effect at once: a host that ran here is drained first. */
  chooseMode: { from: ['own'], body: z.strictObject({ mode: desktopModeSchema }), response: done },
  /** Tries again after something went wrong. */
  retry: { from: ['own'], body: none, response: done },
  licences: { from: ['own'], body: none, response: z.array(licenceSchema) },
} as const satisfies Record<string, { from: readonly ('host' | 'own')[]; body: z.ZodType; response: z.ZodType }>

export type DesktopCalls = typeof desktopCalls
