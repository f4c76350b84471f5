/**
 * The first packet of a connection (protocol, "Start-up", "SSL Session Encryption"): SSLRequest, GSSENCRequest, CancelRequest or
 * StartupMessage. It has no type byte; its length is checked before it is buffered.
 */
import { GatewayError } from '../errors.ts'
import { judgeSetting } from '../statement/settings.ts'
import { readStartupOptions } from './startup-options.ts'
import { notAllowed } from './startup-refusals.ts'

/** PostgreSQL's own ceiling (MAX_STARTUP_PACKET_LENGTH). */
const MAX_STARTUP = 10_000

const CANCEL_REQUEST = 80877102
const SSL_REQUEST = 80877103
const GSSENC_REQUEST = 80877104

export type StartupPacket =
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gss' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: Buffer }
  | {
      readonly kind: 'startup'
      readonly minor: number
      readonly parameters: ReadonlyMap<string, string>
      readonly unknownOptions: readonly string[]
    }

/**
 * Reads one packet from the front of `buf`. Undefined: more bytes are needed. Throws `no-startup` for a length that cannot be, `protocol`
 * or `unsupported` (all FATAL) for what else is wrong.
 */
export function readStartupPacket(buf: Buffer): { readonly packet: StartupPacket; readonly size: number } | undefined {
  if (buf.length < 4) return undefined
  const length = buf.readInt32BE(0)
  if (length < 8 || length > MAX_STARTUP) throw notPostgres(`invalid length ${length} of the startup packet`)
  if (buf.length < length) return undefined
  const code = buf.readUInt32BE(4)
  if (code === SSL_REQUEST || code === GSSENC_REQUEST) {
    if (length !== 8) throw notPostgres('invalid length of an encryption request')
    return { packet: code === SSL_REQUEST ? { kind: 'ssl' } : { kind: 'gss' }, size: length }
  }
  if (code === CANCEL_REQUEST) {
    if (length < 16 || length > 12 + 256) throw notPostgres('invalid length of a cancel request')
    return { packet: { kind: 'cancel', processId: buf.readInt32BE(8), secret: Buffer.from(buf.subarray(12, length)) }, size: length }
  }
  const major = code >>> 16
  const minor = code & 0xffff
  if (major !== 3) {
    throw new GatewayError({
      code: 'unsupported',
      sqlstate: '0A000',
      message: `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.2`,
      severity: 'FATAL',
    })
  }
  return { packet: { kind: 'startup', minor, ...readParameters(buf, 8, length) }, size: length }
}

function readParameters(buf: Buffer, at: number, end: number) {
  const parameters = new Map<string, string>()
  const unknownOptions: string[] = []
  for (;;) {
    const nameEnd = buf.indexOf(0, at)
    if (nameEnd < 0 || nameEnd >= end) throw fatal('invalid startup packet layout: expected terminator as last byte')
    if (nameEnd === at) {
      if (nameEnd !== end - 1) throw fatal('invalid startup packet layout: bytes after the terminator')
      return { parameters, unknownOptions }
    }
    const valueEnd = buf.indexOf(0, nameEnd + 1)
    if (valueEnd < 0 || valueEnd >= end) throw fatal('invalid startup packet layout: a parameter without its value')
    const name = buf.toString('utf8', at, nameEnd)
    if (name.startsWith('_pq_.')) unknownOptions.push(name)
    else if (parameters.has(name)) throw fatal(`startup parameter "${name}" is given twice`)
    else parameters.set(name, buf.toString('utf8', nameEnd + 1, valueEnd))
    at = valueEnd + 1
  }
}

/** How the client brings its token: as a password, or by SASL OAUTHBEARER. A client that does not know a mechanism gives up, so SASL is only offered where it was asked for. */
export type TokenWay = 'password' | 'oauth'

export interface ClientSettings {
  readonly user: string
  readonly database: string
  readonly applicationName: string
  readonly tokenWay: TokenWay
  /** Passed on to the server, lower-case names. */
  readonly settings: ReadonlyMap<string, string>
}

/**
 * Takes the startup parameters, and those in `options`, by the allow-list that SET has. Throws FATAL, naming the parameter, for any other.
 * Which schemas there are is not known yet: `demandSearchPath` looks at that.
 */
export function readSettings(parameters: ReadonlyMap<string, string>): ClientSettings {
  const settings = new Map<string, string>()
  let user = ''
  let database = ''
  let tokenWay: TokenWay = 'password'
  const take = (name: string, value: string, given: string) => {
    if (name === 'client_encoding') {
      demandUtf8(value)
      return
    }
    const verdict = judgeSetting(name, [value], undefined)
    if (!verdict.harmless) throw notAllowed(given, verdict.why)
    settings.set(name, value)
  }
  // As the server does: what is given by itself counts more than what stands in `options`.
  for (const [name, value] of readStartupOptions(parameters.get('options') ?? '')) {
    if (name.toLowerCase() === 'sallyport.auth') tokenWay = readTokenWay(value)
    else take(name.toLowerCase(), value, 'options')
  }
  for (const [given, value] of parameters) {
    const name = given.toLowerCase()
    if (name === 'user') user = value
    else if (name === 'database') database = value
    else if (given !== 'options') take(name, value, given)
  }
  if (user === '') throw fatal('no PostgreSQL user name specified in startup packet', '28000')
  return { user, database: database === '' ? user : database, applicationName: settings.get('application_name') ?? '', tokenWay, settings }
}

/** The client's `search_path`, by the rule that SET has for it. Throws FATAL. */
export function demandSearchPath({ settings }: ClientSettings, schemas: ReadonlySet<string> | undefined): void {
  const path = settings.get('search_path')
  if (path === undefined) return
  const verdict = judgeSetting('search_path', [path], schemas)
  if (!verdict.harmless) throw notAllowed('search_path', verdict.why)
}

/**
 * How the token is brought, said by `-c sallyport.auth=oauth`: libpq tells a server nothing of what it can do before the server has asked,
 * so the client has to.
 */
function readTokenWay(value: string): TokenWay {
  if (value === 'oauth' || value === 'password') return value
  throw notAllowed('options', `sallyport.auth is "oauth" or "password", not "${value}"`)
}

function demandUtf8(value: string): void {
  const name = value.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (name === 'utf8' || name === 'unicode' || name === 'auto') return
  throw new GatewayError({
    code: 'unsupported',
    sqlstate: '22023',
    message: `client_encoding "${value}" is not supported`,
    hint: 'Use UTF8: in another encoding the server could read other statements than the gateway does.',
    severity: 'FATAL',
  })
}

/** Whoever sends this speaks no PostgreSQL, or has changed its mind: the connection is closed without a word, as the server does. */
function notPostgres(message: string): GatewayError {
  return new GatewayError({ code: 'no-startup', sqlstate: '08P01', message, severity: 'FATAL' })
}

function fatal(message: string, sqlstate = '08P01'): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate, message, severity: 'FATAL' })
}
