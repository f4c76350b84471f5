/** Where an agent connects: `host:port`, and the connection's name. */
export interface Target {
  readonly host: string
  readonly port: string
  readonly connection: string
  /** TLS is required before a token is accepted anywhere but on this machine. */
  readonly loopback: boolean
}

export interface Snippet {
  readonly key: string
  readonly name: string
  /** Where it goes. */
  readonly place: string
  readonly language: 'sh' | 'js' | 'py' | 'java'
  readonly text: (target: Target) => string
}

/** `127.0.0.1:6432` or `[::1]:6432`. */
export function targetOf(proxy: string, connection: string): Target {
  const at = proxy.lastIndexOf(':')
  const host = proxy.slice(0, at).replace(/^\[|\]$/g, '')
  return { host, port: proxy.slice(at + 1), connection, loopback: /^(127\.|::1$|localhost$)/.test(host) }
}

const ssl = (target: Target) => (target.loopback ? 'prefer' : 'verify-full')

/** Ready to paste. None holds a token: each reads it from the environment, as `SALLYPORT_TOKEN`. */
export const snippets: readonly Snippet[] = [
  {
    key: 'psql',
    name: 'psql',
    place: 'in a shell',
    language: 'sh',
    text: (target) =>
      `PGPASSWORD="$SALLYPORT_TOKEN" psql \\\n  "host=${target.host} port=${target.port} dbname=${target.connection} user=agent sslmode=${ssl(target)}"`,
  },
  {
    key: 'node-postgres',
    name: 'node-postgres',
    place: 'in a .js or .ts file',
    language: 'js',
    text: (target) => `import pg from 'pg'

const pool = new pg.Pool({
  host: '${target.host}',
  port: ${target.port},
  database: '${target.connection}',
  user: 'agent',
  // A function, so that a new token is taken for each new connection.
  password: () => process.env.SALLYPORT_TOKEN,${target.loopback ? '' : '\n  ssl: { rejectUnauthorized: true },'}
})`,
  },
  {
    key: 'psycopg',
    name: 'psycopg',
    place: 'in a .py file',
    language: 'py',
    text: (target) => `import os
import psycopg

connection = psycopg.connect(
    host="${target.host}",
    port=${target.port},
    dbname="${target.connection}",
    user="agent",
    password=os.environ["SALLYPORT_TOKEN"],
    sslmode="${ssl(target)}",
)`,
  },
  {
    key: 'jdbc',
    name: 'JDBC',
    place: 'in a .java file',
    language: 'java',
    text: (target) => `var properties = new java.util.Properties();
properties.setProperty("user", "agent");
properties.setProperty("password", System.getenv("SALLYPORT_TOKEN"));
properties.setProperty("sslmode", "${ssl(target)}");

var connection = java.sql.DriverManager.getConnection(
    "jdbc:postgresql://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}/${target.connection}", properties);`,
  },
]
