/** A configuration desk on a directory of its own, without a gateway. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createConfigSecrets } from '../../main/config/config-secrets.ts'
import { type ChangeOrder, createConfigurationDesk } from '../../main/config/configuration-desk.ts'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { openConfiguration } from '../../main/config/open-configuration.ts'
import { parseConfig } from '../../main/config.ts'
import { prepareConfiguration } from '../../main/store/configuration-table.ts'
import { hostFile } from '../../main/store/files.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { openVault } from '../../main/vault/open-vault.ts'

export const FILE = `# the team's own words
identity:
  providers: [{ name: corp, issuer: "https://login.corp", audience: sallyport, clientId: web, clientSecret: "the-client-secret" }]
roles: { admin: [leads], approver: [dba] }
connections:
  - name: shop # the shop's database
    engine: postgres
    host: 10.0.0.5
    database: shop
    user: app
    password: the-secret-credential
    groups: [ai-agents]
sensitive: [{ connection: shop, label: pii, mask: redact, columns: [public.customers.ssn] }]
policies:
  # agents may look
  - name: agents
    groups: [ai-agents]
    connections: [shop]
    rules:
      - { effect: allow, statements: [read, session, transaction] } # and nothing else
      - { effect: ask, statements: [write], approvers: [dba], maxRows: 1000 }
tests:
  - { statement: "select 1", as: [ai-agents], connection: shop, expect: allow }
  - { name: no drops, statement: "drop table public.customers", as: [ai-agents], connection: shop, expect: deny }
`

export const LEA = { name: 'Lea', issuer: 'https://login.corp', subject: 'lea', kind: 'person' as const }

export const order = (version: number, more: Partial<ChangeOrder> = {}): ChangeOrder => ({
  version,
  author: LEA,
  comment: '',
  force: false,
  lockedOut: () => undefined,
  ...more,
})

/** `dataDir`: as a host that starts again would find it. */
export function openDesk(file = FILE, dataDir = mkdtempSync(path.join(tmpdir(), 'sallyport-desk-')), env: Record<string, string> = {}) {
  const db = openDatabase(hostFile(dataDir), { migrations: hostMigrations })
  const vault = openVault(dataDir, undefined)
  const secrets = createConfigSecrets(vault)
  const table = prepareConfiguration(db)
  const logged: string[] = []
  const write = (event: string) => void logged.push(event)
  const clock = { now: () => 1_700_000_000_000 }
  const { config, row } = openConfiguration({
    file: parseConfig(file, { file: 'sallyport.yaml', folder: dataDir, env }),
    table,
    secrets,
    env,
    clock,
    log: { info: write, warn: write, error: write },
  })
  const inForce = createConfigInForce(config)
  const desk = createConfigurationDesk({
    first: row,
    table,
    inForce,
    secrets,
    env,
    clock,
    sources: { catalog: async () => undefined, vouched: () => [], further: async () => [] },
  })
  return { dataDir, desk, inForce, secrets, vault, logged, close: () => db.close() }
}
