import type { Catalog } from '../catalog/catalog.ts'
import type { Unknown } from './facts.ts'
import { runsCode } from './types.ts'

/**
 * What the types that a client declares in Parse could run: their input functions at Bind, and casts from them. The text's own facts
 * take a parameter for a literal, so this is to be added to them. 0 means: let the server choose.
 */
export function unknownParameterTypes(catalog: Catalog, oids: readonly number[]): readonly Unknown[] {
  const unknown: Unknown[] = []
  for (const oid of new Set(oids)) {
    if (oid === 0) continue
    const type = catalog.type(oid)
    if (type === undefined)
      unknown.push({ what: `parameter of the type ${oid}, which the catalog does not hold`, code: true, offset: 0, length: 0 })
    else if (!type.system && (runsCode(catalog, type, new Set()) || catalog.codeCasts.some((cast) => cast.source === oid))) {
      unknown.push({ what: `parameter of type ${type.schema}.${type.name}, which runs code`, code: true, offset: 0, length: 0 })
    }
  }
  return unknown
}
