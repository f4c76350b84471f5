/** What "Connect an agent" copies: a command for a shell, with the token from the environment. `proxy` is `host:port`. */
export function connectSnippet(proxy: string, connection: string): string {
  const at = proxy.lastIndexOf(':')
  const host = proxy.slice(0, at).replace(/^\[|\]$/g, '')
  const ssl = /^(127\.|::1$|localhost$)/.test(host) ? 'prefer' : 'verify-full'
  return `PGPASSWORD="$SALLYPORT_TOKEN" psql "host=${host} port=${proxy.slice(at + 1)} dbname=${quoted(connection)} user=agent sslmode=${ssl}"`
}

/** A value of libpq's keyword/value string (PostgreSQL documentation, section 34.1.1.1), within double quotes of a shell. */
function quoted(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : `'${value.replace(/[\\']/g, '\\$&').replace(/[\\"$\x60]/g, '\\$&')}'`
}
