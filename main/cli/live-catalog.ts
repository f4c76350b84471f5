import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Config } from '../config.ts'
import { createUpstreams } from '../connections/upstreams.ts'

/** A connection's catalog, read over the gateway's own login. Throws `upstream-unavailable`, `upstream-refused`, `catalog-unavailable`. */
export async function liveCatalog(config: Config, connection: string): Promise<Catalog> {
  const [{ openOwnConnection }, { readCatalog }] = await Promise.all([
    import('../../proxy/login/query.ts'),
    import('../../proxy/catalog/read.ts'),
  ])
  const upstream = createUpstreams(config).own(connection)
  if (upstream === undefined) {
    throw new GatewayError({ code: 'connection-unknown', sqlstate: '3D000', message: `there is no connection "${connection}"` })
  }
  const own = await openOwnConnection(upstream)
  try {
    return await readCatalog((query) => own.query(query))
  } finally {
    own.close()
  }
}
