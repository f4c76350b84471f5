import type { Catalog } from '../catalog/catalog.ts'
import type { Policy } from './policy.ts'

/** Keeps what was made of a policy and a catalog for as long as both are in use: their identities are their versions. */
export function keptByBoth<Made>(make: (policy: Policy, catalog: Catalog) => Made): (policy: Policy, catalog: Catalog) => Made {
  const kept = new WeakMap<Policy, WeakMap<Catalog, { readonly made: Made }>>()
  return (policy, catalog) => {
    let perCatalog = kept.get(policy)
    if (perCatalog === undefined) {
      perCatalog = new WeakMap()
      kept.set(policy, perCatalog)
    }
    let entry = perCatalog.get(catalog)
    if (entry === undefined) {
      entry = { made: make(policy, catalog) }
      perCatalog.set(catalog, entry)
    }
    return entry.made
  }
}
