import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { DemoFiles } from './files.ts'
import type { DemoPorts } from './ports.ts'
import { GATEWAY_ROLE, SHOP_DATABASE } from './postgres/shop-database.ts'
import { AGENT_CLIENT, AUDIENCE, WEB_CLIENT } from './provider/cast.ts'
import type { DemoSecrets } from './provider/secrets.ts'

/** Writes the host's configuration and the secrets that it names, each in a file of its own (mode 600). */
export function writeConfig(files: DemoFiles, ports: DemoPorts, secrets: DemoSecrets): void {
  writeFileSync(files.databasePassword, `${secrets.gatewayPassword}\n`, { mode: 0o600 })
  writeFileSync(files.clientSecret, `${secrets.webClientSecret}\n`, { mode: 0o600 })
  writeFileSync(files.config, configText(files, ports), { mode: 0o600 })
}

function configText(files: DemoFiles, ports: DemoPorts): string {
  const fileOf = (file: string) => `\${file:${path.basename(file)}}`
  return `# Written by "npm run demo" at each start. A host of your own reads the same format: npx sallyport check FILE
proxy: { listen: "127.0.0.1:${ports.gateway}" }
web: { listen: "127.0.0.1:${ports.web}", publicUrl: "http://127.0.0.1:${ports.web}" }

identity:
  providers:
    - name: demo-company
      issuer: http://127.0.0.1:${ports.signIn}
      audience: ${AUDIENCE}
      clientId: ${WEB_CLIENT}
      clientSecret: ${fileOf(files.clientSecret)}
      claims: { name: name, groups: groups }
      agents: { clients: [${AGENT_CLIENT}] }
  recentSignIn: 30m
roles: { admin: [leads], approver: [dba], viewer: [engineering] }

connections:
  - name: shop
    engine: postgres
    host: 127.0.0.1
    port: ${ports.database}
    database: ${SHOP_DATABASE}
    user: ${GATEWAY_ROLE}
    password: ${fileOf(files.databasePassword)}
    tls: disable                # the demo's server answers on loopback only
    groups: [ai-agents, engineering]
    limits: { statementTimeout: 30s, rows: 100000, resultBytes: 64MiB, connectionsPerPerson: 20 }

sensitive:
  - { connection: shop, label: pii, mask: redact, columns: [public.customers.ssn] }
  - { connection: shop, label: birth, mask: "null", columns: [public.customers.born] }
  - { connection: shop, label: contact, mask: token, predicates: true, columns: [public.customers.email] }
  - { connection: shop, label: phone, mask: partial, columns: [public.customers.phone] }
  - { connection: shop, label: cards, mask: partial, columns: [billing.payments.card] }
  - { connection: shop, label: secrets, mask: redact, columns: [internal.api_keys.secret, internal.salaries.salary] }
untrusted:
  - { connection: shop, tables: [public.support_tickets, public.reviews] }
patterns:
  - { name: credit_card, mask: partial }
  - { name: ssn, mask: redact }
  - { name: api_key, mask: redact }
  - { name: staff_id, regex: "EMP-[0-9]{6}", mask: token }

policies:
  - name: agents-on-shop
    groups: [ai-agents]
    connections: [shop]
    rules:
      # Not internal.changes: a trigger on orders and customers writes there, and who may change those may cause that.
      - { effect: deny, tables: ["internal.api_keys", "internal.salaries"], message: "The schema internal is not for agents. Ask a person of the team for what you need from it." }
      - { effect: deny, uses: [cards, secrets], message: "A card number cannot be searched for, since the answer would tell it. Look a payment up by order_id or gateway_ref." }
      - { effect: deny, statements: [unknown], message: "What cannot be proved harmless does not run." }
      - { effect: deny, statements: [ddl, privilege, admin], message: "Schema changes go through migrations: write one in db/migrations and open a pull request." }
      - { effect: deny, without: where, message: "UPDATE and DELETE need a WHERE. Name the rows that you mean." }
      - { effect: ask, uses: [pii, contact], approvers: [dba], wait: 5m, reason: "names a sensitive column outside the select list" }
      - { effect: allow, statements: [read, session, transaction], tables: ["public.*", "billing.*", "support.*", "pg_catalog.*", "information_schema.*"] }
      - { effect: ask, statements: [write], approvers: [dba], wait: 10m, maxRows: 1000, reason: "changes rows" }
  - name: engineers-on-shop
    groups: [engineering]
    connections: [shop]
    rules:
      - { effect: deny, statements: [ddl, privilege, admin, unknown], message: "Schema changes go through migrations." }
      - { effect: allow, statements: [read, session, transaction], tables: ["public.*", "billing.*", "support.*", "pg_catalog.*", "information_schema.*"] }
      - { effect: ask, statements: [write], approvers: [dba], wait: 10m, maxRows: 1000 }

recordings: { retention: 90d, resultBytesPerStatement: 1MiB }
`
}
