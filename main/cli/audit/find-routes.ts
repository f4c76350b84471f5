/** A way to a database that does not lead through Sallyport. Never holds a user, a password, or anything else that opens it. */
export interface Route {
  /** From 1. */
  readonly line: number
  /** What it is: `DATABASE_URL`, `password file`. */
  readonly what: string
  /** `db.corp:5432/shop`, as far as it is told. */
  readonly target: string
}

/** Names of clients' servers that speak to a database by themselves. */
const DATABASE_SERVERS =
  /server-postgres|postgres-mcp|mcp-postgres|pg-mcp|dbhub|mcp-server-(?:mysql|postgres|sqlite)|supabase|neon(?:database)?|mcp-alchemy|toolbox/i

const URLS = /\b(postgres(?:ql)?(?:\+\w+)?|jdbc:postgresql|cockroachdb|redshift):\/\/([^\s"'`<>\\)]+)/gi
const KEYWORDS = /\bhost(?:addr)?\s*=\s*([^\s"';]+).{0,200}?\bpassword\s*=\s*([^\s"';]+)/i
const ADO = /\b(?:Host|Server)\s*=\s*([^;"']+);.{0,300}?\bPassword\s*=\s*([^;"']+)/i
const SECRET_KEY =
  /^\s*(?:export\s+|-\s+|set\s+)?["']?((?:[A-Z0-9_]*_)?(?:PGPASSWORD|DB_PASS(?:WORD)?|DATABASE_PASSWORD|POSTGRES(?:QL)?_PASSWORD|TYPEORM_PASSWORD|SPRING_DATASOURCE_PASSWORD|SUPABASE_SERVICE_ROLE_KEY))["']?\s*[:=]\s*["']?([^\s"',#]+)/i
const PASSWORD_KEY = /^\s*["']?(?:spring\.datasource\.)?password["']?\s*[:=]\s*["']?([^\s"',#]+)/i
const NAMED = /^\s*(?:export\s+|-\s+|set\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]/

/** A reference to somewhere else is no credential: `${NAME}`, `env("NAME")`, `<%= ENV[…] %>`, `process.env.NAME`. */
const REFERENCE = /^(?:\$|<%|\{\{|%\(|env\(|process\.env|os\.environ|ENV\[|\*+$|<[a-z_ -]+>$|x{3,}$)/i

export interface AuditOptions {
  /** `host:port` of Sallyport's own proxies: what leads there is as it should be. */
  readonly ours: ReadonlySet<string>
}

/** Finds the routes in one file's text. `name` is its path, by which files are known that have a form of their own. */
export function findRoutes(name: string, text: string, options: AuditOptions): Route[] {
  const base = name.replace(/^.*[\\/]/, '').toLowerCase()
  const lines = text.split(/\r?\n/)
  if (base === '.pgpass' || base === 'pgpass.conf') return passwordFile(lines, options)
  if (base === '.pg_service.conf' || base === 'pg_service.conf') return serviceFile(lines, options)
  const found = lines.flatMap((line, i) => lineRoutes(line.slice(0, 4000), i + 1, base, options))
  return isMcpFile(base) ? [...found, ...mcpServers(lines)] : found
}

function lineRoutes(line: string, number: number, base: string, options: AuditOptions): Route[] {
  const routes: Route[] = []
  const named = NAMED.exec(line)?.[1]
  for (const [, scheme = '', rest = ''] of line.matchAll(URLS)) {
    const target = targetOf(rest)
    if (target === undefined || options.ours.has(target.authority)) continue
    routes.push({ line: number, what: named ?? `a ${scheme.toLowerCase()} address`, target: target.words })
  }
  if (routes.length > 0) return routes
  const keywords = KEYWORDS.exec(line) ?? ADO.exec(line)
  if (keywords !== null && !REFERENCE.test(keywords[2] ?? '')) {
    return [{ line: number, what: named ?? 'a connection string', target: printable(keywords[1] ?? '') }]
  }
  const secret = SECRET_KEY.exec(line)
  if (secret !== null && !REFERENCE.test(secret[2] ?? '')) return [{ line: number, what: secret[1] ?? '', target: '' }]
  const password = isDatabaseFile(base) ? PASSWORD_KEY.exec(line) : null
  if (password !== null && !REFERENCE.test(password[1] ?? '')) return [{ line: number, what: 'password', target: '' }]
  return []
}

/** `user:password@host:port/database?…` without what is before the @. Undefined where there is no credential in it, or only a reference. */
function targetOf(rest: string): { readonly authority: string; readonly words: string } | undefined {
  const [path = '', query = ''] = rest.split('?')
  const at = path.lastIndexOf('@')
  const credential = at === -1 ? (/(?:^|&)password=([^&]*)/.exec(query)?.[1] ?? '') : path.slice(0, at)
  const secret = credential.includes(':') ? credential.slice(credential.indexOf(':') + 1) : at === -1 ? credential : ''
  if (credential === '' || REFERENCE.test(secret)) return undefined
  const place = path.slice(at + 1)
  const [host = '', ...database] = place.split('/')
  const authority = /:\d+$/.test(host) ? host : `${host}:5432`
  return { authority, words: printable(database.length === 0 ? authority : `${authority}/${database.join('/')}`) }
}

/** Manual, section 34.16: `hostname:port:database:username:password`. */
function passwordFile(lines: readonly string[], { ours }: AuditOptions): Route[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const [host = '', port = '', database = ''] = line.split(/(?<!\\):/)
    return ours.has(`${host}:${port}`) ? [] : [{ line: i + 1, what: 'password file', target: printable(`${host}:${port}/${database}`) }]
  })
}

/** Manual, section 34.17: sections of `key=value`. */
function serviceFile(lines: readonly string[], { ours }: AuditOptions): Route[] {
  const routes: Route[] = []
  let service: { name: string; line: number; host: string; port: string } | undefined
  const end = () => {
    if (service?.host && !ours.has(`${service.host}:${service.port}`)) {
      routes.push({
        line: service.line,
        what: `service "${printable(service.name)}"`,
        target: printable(`${service.host}:${service.port}`),
      })
    }
  }
  for (const [i, line] of lines.entries()) {
    const section = /^\s*\[([^\]]+)\]/.exec(line)?.[1]
    if (section !== undefined) {
      end()
      service = { name: section, line: i + 1, host: '', port: '5432' }
    }
    const [, key, value] = /^\s*(host|hostaddr|port)\s*=\s*(\S+)/.exec(line) ?? []
    if (service !== undefined && value !== undefined) service[key === 'port' ? 'port' : 'host'] = value
  }
  end()
  return routes
}

const isMcpFile = (base: string): boolean => /^\.?mcp\.json$|^claude_desktop_config\.json$|^\.claude\.json$|^mcp_config\.json$/.test(base)

/** A server that has a credential of its own goes to the database by itself, whatever its address is written as. */
function mcpServers(lines: readonly string[]): Route[] {
  return lines.flatMap((line, i) => {
    const server = DATABASE_SERVERS.exec(line)?.[0]
    return server === undefined || /sallyport/i.test(line) ? [] : [{ line: i + 1, what: `MCP server "${server}"`, target: '' }]
  })
}

/** Files of frameworks whose `password:` is a database's. */
const isDatabaseFile = (base: string): boolean =>
  /^(?:database\.ya?ml|ormconfig\.\w+|knexfile\.\w+|datasource\w*\.\w+|data-sources\.json|application[\w.-]*\.(?:properties|ya?ml)|appsettings[\w.-]*\.json|hibernate[\w.-]*\.\w+|alembic\.ini|drizzle\.config\.\w+)$/.test(
    base,
  )

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 120)
}
