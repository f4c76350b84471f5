import { mcpClients, mcpFile, mcpUrl, psqlCommand } from '../../main/contract/mcp-clients.ts'

/** Where an agent connects: `host:port`, and the connection's name. */
export interface Target {
  readonly host: string
  readonly port: string
  readonly connection: string
  /** TLS is required before a token is accepted anywhere but on this machine. */
  readonly loopback: boolean
  /** Of these pages: `https://sallyport.corp:8443`. */
  readonly web: string
}

export interface Snippet {
  readonly key: string
  readonly name: string
  /** Where it goes. */
  readonly place: string
  /** It speaks PostgreSQL, or the Model Context Protocol. */
  readonly speaks: 'postgres' | 'mcp'
  readonly text: (target: Target) => string
  /** A command that does the same. */
  readonly command?: (target: Target) => string | undefined
  /** A link that the client opens, and asks its person about. */
  readonly link?: (target: Target) => string | undefined
}

/** `127.0.0.1:6432` or `[::1]:6432`. */
export function targetOf(proxy: string, connection: string, web: string): Target {
  const at = proxy.lastIndexOf(':')
  const host = proxy.slice(0, at).replace(/^\[|\]$/g, '')
  return { host, port: proxy.slice(at + 1), connection, loopback: /^(127\.|::1$|localhost$)/.test(host), web }
}

const ssl = (target: Target) => (target.loopback ? 'prefer' : 'verify-full')

/** Ready to paste. None holds a token: each reads it from the environment, as `SALLYPORT_TOKEN`. */
export const snippets: readonly Snippet[] = [
  {
    key: 'psql',
    name: 'psql',
    place: 'in a shell',
    speaks: 'postgres',
    text: ({ host, port, connection }) => psqlCommand(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, connection),
  },
  ...mcpClients.map(
    (client): Snippet => ({
      key: client.key,
      name: client.name,
      place: client.file,
      speaks: 'mcp',
      text: ({ web }) => mcpFile(client, mcpUrl(web)),
      command: ({ web }) => client.command(mcpUrl(web)),
      link: ({ web }) => client.link(mcpUrl(web)),
    }),
  ),
  {
    key: 'dbeaver',
    name: 'DBeaver',
    place: 'in a new PostgreSQL connection; the password is the token, from SALLYPORT_TOKEN: do not save it',
    speaks: 'postgres',
    text: (target) => `Host: ${target.host}
Port: ${target.port}
Database: ${target.connection}
Username: agent
Password: (what SALLYPORT_TOKEN holds)
SSL mode: ${ssl(target)}`,
  },
  {
    key: 'node-postgres',
    name: 'node-postgres',
    place: 'in a .js or .ts file',
    speaks: 'postgres',
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
    speaks: 'postgres',
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
    speaks: 'postgres',
    text: (target) => `var properties = new java.util.Properties();
properties.setProperty("user", "agent");
properties.setProperty("password", System.getenv("SALLYPORT_TOKEN"));
properties.setProperty("sslmode", "${ssl(target)}");

var connection = java.sql.DriverManager.getConnection(
    "jdbc:postgresql://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}/${target.connection}", properties);`,
  },
]
