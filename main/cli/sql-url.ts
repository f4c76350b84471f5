import { readFileSync } from 'node:fs'
import { isLoopback } from '../config/units.ts'
import { UsageError } from './command.ts'

/** `disable`: never. `prefer`: where the server offers it, any certificate (loopback only). `require`: any certificate. `verify-full`: certificate and name. */
export type SqlTls = 'disable' | 'prefer' | 'require' | 'verify-full'

export interface SqlTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly tls: SqlTls
  /** PEM. */
  readonly ca: string | undefined
}

const TLS: readonly SqlTls[] = ['disable', 'prefer', 'require', 'verify-full']

/** Reads `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…&sslrootcert=FILE`. Throws `UsageError`, whose text never holds the password. */
export function parseSqlUrl(text: string, env: Readonly<Record<string, string | undefined>>): SqlTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '') {
    throw new UsageError('the URL must look like postgresql://NAME:TOKEN@HOST:PORT/CONNECTION')
  }
  for (const key of url.searchParams.keys()) {
    if (key !== 'sslmode' && key !== 'sslrootcert')
      throw new UsageError(`the URL's parameter "${key}" is not known here (sslmode, sslrootcert)`)
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const near = isLoopback(host)
  const mode = url.searchParams.get('sslmode') ?? (near ? 'prefer' : 'verify-full')
  const tls = TLS.find((known) => known === mode)
  if (tls === undefined) throw new UsageError(`sslmode is one of ${TLS.join(', ')}`)
  if (!near && (tls === 'disable' || tls === 'prefer'))
    throw new UsageError(`sslmode=${tls} would send the token in clear text off loopback`)
  const password = decoded(url.password) || env['PGPASSWORD'] || ''
  if (password === '') throw new UsageError('there is no token: give it as the password in the URL, or in PGPASSWORD')
  const user = decoded(url.username) || 'sallyport'
  const database = decoded(url.pathname.slice(1))
  if (database === '') throw new UsageError('the URL names no connection: postgresql://NAME:TOKEN@HOST:PORT/CONNECTION')
  const rootFile = url.searchParams.get('sslrootcert')
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    password,
    database,
    tls,
    ca: rootFile === null ? undefined : readFileSync(rootFile, 'utf8'),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new UsageError('the URL has a "%" that is not followed by two hexadecimal digits')
  }
}
