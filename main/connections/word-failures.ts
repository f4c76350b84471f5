import { GatewayError } from '../../proxy/errors.ts'
import type { Upstream } from '../../proxy/ports.ts'
import type { Failure } from './test-connection.ts'

type Target = Pick<Upstream, 'host' | 'port' | 'database' | 'tls'>

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '')
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Why a host's name gives no address. */
export function wordName({ host }: Target, cause: unknown): Failure {
  if (codeOf(cause) === 'ENOTFOUND') return { message: `There is no host "${host}".`, todo: 'Correct host, or ask who runs the DNS.' }
  return {
    message: `"${host}" cannot be looked up (${codeOf(cause) || messageOf(cause)}).`,
    todo: 'See whether this machine reaches its DNS server.',
  }
}

const TCP: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Correct port, or start the server; it listens elsewhere only if listen_addresses says so',
  EHOSTUNREACH: 'there is no way to that host. See the network and its firewalls',
  ENETUNREACH: 'there is no way to that network. See the network and its firewalls',
  ETIMEDOUT: 'no answer came. A firewall in between may drop it',
}

export function wordTcp({ host, port }: Target, cause: unknown): Failure {
  const known = TCP[codeOf(cause) || (messageOf(cause) === 'timed out' ? 'ETIMEDOUT' : '')]
  const [what = '', todo = ''] = (known ?? `${codeOf(cause) || messageOf(cause)}. See the network`).split('. ')
  return { message: `${host}:${port} cannot be reached: ${what}.`, todo: `${todo}.` }
}

const TLS: Readonly<Record<string, Failure>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'The server’s certificate is for another name.',
    todo: 'Give host as the certificate has it, or have a certificate made for this name.',
  },
  CERT_HAS_EXPIRED: { message: 'The server’s certificate has expired.', todo: 'Renew it at the server.' },
  CERT_NOT_YET_VALID: { message: 'The server’s certificate is not valid yet.', todo: 'See the clocks of both machines.' },
  ECONNRESET: { message: 'The server ended the connection during the TLS handshake.', todo: 'See the server’s log.' },
}

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

export function wordTls({ tls }: Target, cause: unknown): Failure {
  const code = codeOf(cause)
  if (UNKNOWN_AUTHORITY.has(code)) {
    return {
      message: 'The server’s certificate is from an authority that is not known here.',
      todo: 'Give the authority’s certificate as ca.',
    }
  }
  if (messageOf(cause).includes('does not offer TLS')) {
    return {
      message: 'The server does not offer TLS.',
      todo: 'Turn ssl on at the server; only on this very machine or a trusted wire: tls: disable.',
    }
  }
  return TLS[code] ?? { message: `TLS (${tls}) did not work: ${code || plain(cause)}.`, todo: 'See the server’s log.' }
}

const LOGIN: readonly (readonly [code: string, Failure])[] = [
  [
    '28P01',
    {
      message: 'The server refused the password, or there is no such user.',
      todo: 'Write the credential again; see whether the user exists and its password has not expired.',
    },
  ],
  [
    '28000',
    {
      message: 'The server does not let this user in from here.',
      todo: 'See pg_hba.conf: a line for this database, user and the address of this machine; and whether the role may LOGIN.',
    },
  ],
  ['3D000', { message: 'There is no such database on the server.', todo: 'Correct database.' }],
  ['42501', { message: 'The role may not connect to this database.', todo: 'GRANT CONNECT ON DATABASE … to it.' }],
  ['53300', { message: 'The server has no free connection.', todo: 'Raise max_connections there, or end what is not needed.' }],
  ['57P03', { message: 'The server is starting up or shutting down.', todo: 'Try again in a moment.' }],
  ['55000', { message: 'The database takes no connections (datallowconn).', todo: 'Allow them, or name another database.' }],
]

export function wordLogin(_target: Target, cause: unknown): Failure {
  const text = messageOf(cause)
  const code =
    cause instanceof GatewayError && cause.code === 'too-many'
      ? '53300'
      : (/\(?\b([0-9A-Z]{5})\)?/.exec(text.replace(/^[^:]*:/, ''))?.[1] ?? '')
  const known = LOGIN.find(([one]) => one === code || text.includes(one))
  return known?.[1] ?? { message: `It did not work: ${plain(cause)}.`, todo: 'See the server’s log.' }
}

/** Without the connection's name in front. */
const plain = (cause: unknown): string =>
  messageOf(cause)
    .replace(/^connection "[^"]*": /, '')
    .replace(/\.$/, '')
