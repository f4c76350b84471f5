import { type HostFixture, startTestHost } from '../helpers/host-fixture.ts'
import { type Postgres, type PostgresOptions, startPostgres } from '../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../helpers/provider.ts'
import { Wire } from '../helpers/wire-client.ts'
import { EXTENSIONS, OWNER, PATTERNS, ROLES, SENSITIVE, TABLES } from './database.ts'

/**
 * `masked`: labels, patterns, everything allowed. `following`: the same, and uses of every label are allowed by its name, so that values may be
 * stored elsewhere. `asking`: uses and writes are asked about, and nobody answers. `plain`: no label, no pattern, everything allowed.
 */
export type Door = 'masked' | 'following' | 'asking' | 'plain' | 'direct'

export interface Rig {
  readonly host: HostFixture
  readonly issuer: Issuer
  readonly postgres: Postgres
  login(door: Door): Promise<Wire>
  /** Every answer of the API's pages on what was recorded, as text. */
  pages(token: string): Promise<readonly { readonly at: string; readonly text: string }[]>
  stop(): Promise<void>
}

const DOORS = ['masked', 'following', 'asking', 'plain', 'direct'] as const

/** One server with a copy of the canary database for each door, so that what is written through one is not seen through another; and one host. */
export async function openRig(options: PostgresOptions = {}): Promise<Rig> {
  const postgres = await startPostgres({ ...options, sql: ROLES })
  await postgres.query(`CREATE DATABASE canaries OWNER ${OWNER.user}`)
  await postgres.query(EXTENSIONS, 'canaries')
  await postgres.query(`SET SESSION AUTHORIZATION ${OWNER.user}; ${TABLES}`, 'canaries')
  for (const door of DOORS) await postgres.query(`CREATE DATABASE ${door} TEMPLATE canaries OWNER ${OWNER.user}`)
  const issuer = await startIssuer()
  const labels = (connection: string) => SENSITIVE.map((label) => ({ connection, ...label }))
  const policy = (name: string, rules: readonly unknown[]) => ({ name, groups: ['ai-agents'], connections: [name], rules })
  const names = SENSITIVE.map(({ label }) => label)
  const connection = (name: Door) => ({ name, port: postgres.port, database: name, ...OWNER, limits: { connectionsPerPerson: 100 } })
  const host = await startTestHost({
    issuer: issuer.issuer,
    connections: [connection('masked'), connection('following'), connection('asking')],
    sensitive: [...labels('masked'), ...labels('following'), ...labels('asking')],
    patterns: PATTERNS,
    policies: [
      policy('masked', [{ effect: 'allow' }]),
      policy('following', [{ effect: 'allow', uses: names }, { effect: 'allow' }]),
      policy('asking', [
        { effect: 'ask', uses: names, approvers: ['dba'], wait: '1s' },
        { effect: 'ask', statements: ['write', 'ddl', 'privilege', 'admin', 'unknown'], approvers: ['dba'], wait: '1s' },
        { effect: 'allow' },
      ]),
    ],
  })
  // Patterns hold for a whole host.
  const bare = await startTestHost({
    issuer: issuer.issuer,
    connections: [connection('plain')],
    sensitive: [],
    policies: [policy('plain', [{ effect: 'allow' }])],
  })
  const token = await issuer.mint({ expiresIn: 24 * 3600 })
  return {
    host,
    issuer,
    postgres,
    login: (door) => {
      if (door === 'direct') return Wire.login({ port: postgres.port }, { ...OWNER, database: door })
      return (door === 'plain' ? bare : host).through(token, door)
    },
    pages: async (token) => {
      const { body } = await host.call(token, 'GET', '/api/sessions?limit=200')
      const sessions = (body as { items?: readonly { id: string }[]; sessions?: readonly { id: string }[] }).items ?? []
      const pages = [{ at: '/api/sessions', text: JSON.stringify(body) }]
      for (const { id } of sessions) {
        for (const page of ['', '/events', '/export']) {
          const at = `/api/sessions/${id}${page}`
          const answer = await host.call(token, 'GET', at)
          pages.push({ at, text: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) })
        }
      }
      return pages
    },
    stop: async () => {
      await host.stop()
      await bare.stop()
      await issuer.stop()
      await postgres.stop()
    },
  }
}
