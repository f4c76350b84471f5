import { describe, expect, it } from 'vitest'
import { findRoutes } from '../../../main/cli/audit/find-routes.ts'

const NONE = { ours: new Set<string>() }
const SECRET = 'hunter2-Zx9'

/** Each has a credential in it, which must not come out. */
const ROUTES: readonly (readonly [file: string, text: string, what: string, target: string, line: number])[] = [
  ['.env', `# dev\nDATABASE_URL=postgres://app:${SECRET}@db.corp:6543/shop?sslmode=require`, 'DATABASE_URL', 'db.corp:6543/shop', 2],
  ['.env.local', `export PGPASSWORD="${SECRET}"`, 'PGPASSWORD', '', 1],
  ['.env', `DATABASE_URL="postgresql+asyncpg://app:${SECRET}@10.0.0.5/shop"`, 'DATABASE_URL', '10.0.0.5:5432/shop', 1],
  ['.pgpass', `# comment\ndb.corp:5432:shop:app:${SECRET}`, 'password file', 'db.corp:5432/shop', 2],
  ['.pg_service.conf', `[prod]\nhost=db.corp\nport=5433\npassword=${SECRET}`, 'service "prod"', 'db.corp:5433', 1],
  [
    '.cursor/mcp.json',
    `{"mcpServers": {"pg": {"args": ["postgresql://app:${SECRET}@db.corp/shop"]}}}`,
    'a postgresql address',
    'db.corp:5432/shop',
    1,
  ],
  ['.mcp.json', '{\n "args": ["-y", "@modelcontextprotocol/server-postgres"]\n}', 'MCP server "server-postgres"', '', 2],
  ['docker-compose.yml', `services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${SECRET}`, 'POSTGRES_PASSWORD', '', 4],
  ['docker-compose.yml', `      - DATABASE_URL=postgres://app:${SECRET}@db:5432/shop`, 'DATABASE_URL', 'db:5432/shop', 1],
  ['config/database.yml', `production:\n  password: ${SECRET}`, 'password', '', 2],
  ['application.properties', `spring.datasource.password=${SECRET}`, 'password', '', 1],
  ['prisma/schema.prisma', `  url = "postgresql://app:${SECRET}@db.corp:5432/shop"`, 'url', 'db.corp:5432/shop', 1],
  ['appsettings.json', `  "Shop": "Host=db.corp;Database=shop;Username=app;Password=${SECRET}"`, 'Shop', 'db.corp', 1],
  ['deploy.sh', `psql "host=db.corp user=app password=${SECRET}" -c 'select 1'`, 'a connection string', 'db.corp', 1],
  ['src/db.ts', `const url = 'postgres://app:${SECRET}@db.corp/shop'`, 'a postgres address', 'db.corp:5432/shop', 1],
]

describe('routes around Sallyport', () => {
  it.each(ROUTES)('are found in %s: %s', (file, text, what, target, line) => {
    const routes = findRoutes(file, text, NONE)
    expect(routes).toEqual([{ line, what, target }])
    expect(JSON.stringify(routes)).not.toContain(SECRET)
    expect(JSON.stringify(routes)).not.toContain('app')
  })

  it('are not what only refers to a secret elsewhere, has none, or leads to Sallyport', () => {
    const harmless: readonly (readonly [string, string])[] = [
      ['.env', `DATABASE_URL=postgres://app:\${PASSWORD}@db.corp/shop`],
      ['prisma/schema.prisma', '  url = env("DATABASE_URL")'],
      ['docker-compose.yml', `      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}`],
      ['README.md', 'Connect with postgres://db.corp/shop'],
      ['.env', 'PGPASSWORD='],
      [
        '.cursor/mcp.json',
        `{"mcpServers": {"sallyport": {"url": "https://sallyport.corp/mcp", "headers": {"Authorization": "Bearer \${env:SALLYPORT_TOKEN}"}}}}`,
      ],
      ['.env', 'DATABASE_URL=postgres://agent:token@127.0.0.1:6432/shop'],
      ['.pgpass', '127.0.0.1:6432:shop:agent:token'],
      ['package.json', '{ "password": "of something else" }'],
    ]
    for (const [file, text] of harmless) expect(findRoutes(file, text, { ours: new Set(['127.0.0.1:6432']) }), text).toEqual([])
  })
})
