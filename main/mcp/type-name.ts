import type { Catalog } from '../../proxy/catalog/catalog.ts'

const SHORT: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'character',
  varchar: 'character varying',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
}

/** A type as SQL writes it: `integer`, `text[]`, `public.mood`. */
export function nameType(oid: number, catalog: Pick<Catalog, 'type'> | undefined): string {
  const type = catalog?.type(oid)
  if (type === undefined) return `oid ${oid}`
  if (type.kind === 'array' && type.element !== undefined) return `${nameType(type.element, catalog)}[]`
  const name = SHORT[type.name] ?? type.name
  return type.system ? name : `${type.schema}.${name}`
}
