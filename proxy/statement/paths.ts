import type { Catalog } from '../catalog/catalog.ts'

/**
 * Which of the objects of one name a query may mean. With a schema: those in it. Without one: every one, in any schema, except that
 * pg_catalog's own hides the others where nothing can stand before it (types; functions and operators compare their arguments first).
 */
export function matchesPath<T extends { readonly schema: string }>(
  catalog: Catalog,
  all: readonly T[],
  schema: string | undefined,
  pinned: boolean,
  hides = true,
): readonly T[] {
  if (schema !== undefined && schema !== '') {
    return all.filter((one) => one.schema === schema || (schema === 'pg_temp' && one.schema.startsWith('pg_temp_')))
  }
  if (pinned) return all.filter((one) => one.schema === 'pg_catalog')
  if (!hides || !catalog.systemFirst) return all
  const own = all.filter((one) => one.schema === 'pg_catalog')
  return own.length > 0 ? [...own, ...all.filter((one) => one.schema.startsWith('pg_temp_'))] : all
}
