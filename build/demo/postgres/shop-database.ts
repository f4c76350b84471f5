import pg from 'pg'
import { loadShop } from '../shop/load-shop.ts'
import type { ShopOptions } from '../shop/shop-options.ts'
import { SUPERUSER } from './initialise.ts'

/** The role that the gateway uses: owns everything in the shop, and is no superuser. */
export const GATEWAY_ROLE = 'app_rw'
export const SHOP_DATABASE = 'shop'

export interface DatabaseSecrets {
  readonly superuserPassword: string
  readonly gatewayPassword: string
}

/** True when a whole shop is there already. */
export async function hasShop(port: number, secrets: DatabaseSecrets): Promise<boolean> {
  const client = await connect(port, 'postgres', secrets)
  try {
    // The name is only given once the load has been committed.
    return (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [SHOP_DATABASE])).rowCount === 1
  } finally {
    await client.end()
  }
}

/** Makes role, database and rows. Under another name until it is complete. */
export async function makeShop(
  port: number,
  secrets: DatabaseSecrets,
  options: ShopOptions,
  progress: (rows: number) => void,
): Promise<number> {
  const making = `${SHOP_DATABASE}_making`
  const admin = await connect(port, 'postgres', secrets)
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`)
    if ((await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [GATEWAY_ROLE])).rowCount === 0) {
      await admin.query(`CREATE ROLE ${GATEWAY_ROLE} LOGIN NOSUPERUSER`)
    }
    await admin.query(`ALTER ROLE ${GATEWAY_ROLE} PASSWORD ${pg.escapeLiteral(secrets.gatewayPassword)}`)
    await admin.query(`CREATE DATABASE ${making} OWNER ${GATEWAY_ROLE} STRATEGY wal_log`)
    const shop = await connect(port, making, secrets)
    let rows: number
    try {
      rows = await loadShop(shop, GATEWAY_ROLE, options, progress)
    } finally {
      await shop.end()
    }
    await admin.query(`ALTER DATABASE ${making} RENAME TO ${SHOP_DATABASE}`)
    await admin.query('CHECKPOINT')
    return rows
  } finally {
    await admin.end()
  }
}

async function connect(port: number, database: string, secrets: DatabaseSecrets): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    database,
    user: SUPERUSER,
    password: secrets.superuserPassword,
    application_name: 'demo',
  })
  await client.connect()
  return client
}
