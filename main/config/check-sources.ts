import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { Gateway } from '../../proxy/gateway.ts'
import type { ReplaceableUpstreams } from '../connections/upstreams.ts'
import type { Vouches } from '../vouches/create-vouches.ts'
import { warnFromCatalog } from './catalog-warnings.ts'
import type { CheckSources } from './check-configuration.ts'

/** A database that does not answer must not keep a check waiting. */
const CATALOG_MS = 3000

/** What a check asks of the running host: the catalogs of its databases, as far as they answer. */
export function checkSources(
  gateway: Pick<Gateway, 'catalog'>,
  upstreams: Pick<ReplaceableUpstreams, 'own'>,
  vouches: Pick<Vouches, 'standing'>,
): Pick<CheckSources, 'catalog' | 'vouched' | 'further'> {
  const catalog = async (connection: string): Promise<Catalog | undefined> => {
    let timer: NodeJS.Timeout | undefined
    try {
      const upstream = upstreams.own(connection)
      if (upstream === undefined) return undefined
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), CATALOG_MS)
      })
      return await Promise.race([gateway.catalog(upstream), late])
    } catch (cause) {
      if (cause instanceof GatewayError) return undefined
      throw cause
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    catalog,
    vouched: (connection) => vouches.standing(connection).map((entry) => ({ function: entry.function, source: entry.source })),
    further: async (config) => {
      const all = await Promise.all(
        config.connections.map(async ({ name }) => {
          const found = await catalog(name)
          return found === undefined ? [] : warnFromCatalog(config, name, found)
        }),
      )
      return all.flat()
    },
  }
}
