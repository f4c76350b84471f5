import fs from 'node:fs'
import type { Browser } from 'playwright'
import { buildPages, findChromium, openBrowser } from './browser.ts'
import type { ConfigLiteral } from './host-config.ts'
import { type HostFixture, startTestHost } from './host-fixture.ts'
import { type OidcServer, startOidc } from './oidc.ts'
import { freePort, type Postgres, startPostgres } from './postgres.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from './shop.ts'

export interface PageHost {
  readonly postgres: Postgres
  readonly oidc: OidcServer
  readonly host: HostFixture
  readonly browser: Browser
  stop(): Promise<void>
}

/** The shop's database, a provider, a host with its built pages, and a browser to open them in: all real. */
export async function startPageHost(config: Pick<ConfigLiteral, 'policies' | 'sensitive'>): Promise<PageHost> {
  const undo: (() => unknown)[] = []
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step()
  }
  try {
    const postgres = await startPostgres()
    undo.push(() => postgres.stop())
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    const port = await freePort()
    const oidc = await startOidc(`http://127.0.0.1:${port}/auth/callback`)
    undo.push(() => oidc.stop())
    const pages = await buildPages()
    undo.push(() => fs.rmSync(pages, { recursive: true, force: true }))
    const host = await startTestHost(
      {
        issuer: oidc.issuer,
        provider: { clientSecret: oidc.clientSecret },
        web: { listen: `127.0.0.1:${port}` },
        connections: [{ name: 'shop', port: postgres.port, ...SHOP }],
        ...config,
      },
      { pagesDirectory: pages },
    )
    undo.push(() => host.stop())
    const browser = await openBrowser(findChromium() ?? '')
    undo.push(() => browser.close())
    return { postgres, oidc, host, browser, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}
