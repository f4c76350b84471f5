import { buildCatalog } from './build.ts'
import { builtinTypes } from './builtin-types.ts'
import { type Catalog, FIRST_USER_OID, type FunctionInfo, type Relation } from './catalog.ts'
import { makeRelation } from './relation.ts'

/** What is taken to exist when there is no database to ask. */
export interface Assumption {
  readonly relations: readonly { readonly schema: string | undefined; readonly name: string }[]
  /** Every column that the statement names: each relation is taken to have them all. */
  readonly columns: readonly string[]
  /** Columns that the configuration names, by table. */
  readonly known: readonly { readonly schema: string; readonly table: string; readonly column: string }[]
  /** PostgreSQL's own functions. */
  readonly functions: readonly string[]
}

/** A catalog for `explain` without a database. Functions that are not PostgreSQL's own are unknown, as they would be until vouched for. */
export function assumeCatalog(assumption: Assumption): Catalog {
  const relations = new Map<string, Relation>()
  for (const named of assumption.relations) {
    for (const schema of schemasOf(named, assumption)) {
      const key = `${schema}.${named.name}`
      if (!relations.has(key)) relations.set(key, relationOf(schema, named.name, FIRST_USER_OID + relations.size, assumption))
    }
  }
  const schemas = new Set(['public', 'pg_catalog', 'information_schema', ...[...relations.values()].map((one) => one.schema)])
  return buildCatalog({
    serverVersion: 0,
    assumed: true,
    systemFirst: true,
    schemas: [...schemas],
    relations: [...relations.values()],
    types: builtinTypes(),
    functions: assumption.functions.map(functionOf),
    operators: [],
    casts: [],
  })
}

/** Without a schema: PostgreSQL's own by its prefix, any that the configuration knows, and public. */
function schemasOf(named: { readonly schema: string | undefined; readonly name: string }, assumption: Assumption): readonly string[] {
  if (named.schema !== undefined) return [named.schema]
  if (named.name.startsWith('pg_')) return ['pg_catalog']
  const known = assumption.known.filter((one) => one.table === named.name && one.schema !== '*').map((one) => one.schema)
  return [...new Set(known.length > 0 ? known : ['public'])]
}

function relationOf(schema: string, name: string, oid: number, assumption: Assumption): Relation {
  const known = assumption.known.filter((one) => (one.schema === schema || one.schema === '*') && (one.table === name || one.table === '*'))
  const names = [...new Set([...known.map((one) => one.column), ...assumption.columns])].filter((column) => column !== '*')
  const system = schema === 'pg_catalog' || schema === 'information_schema'
  return makeRelation({
    oid,
    schema,
    name,
    kind: 'r',
    rowType: 0,
    system,
    columns: names.map((column, place) => ({ attnum: place + 1, name: column, type: 0, remoteName: undefined })),
  })
}

function functionOf(name: string, place: number): FunctionInfo {
  return {
    oid: place + 1,
    schema: 'pg_catalog',
    name,
    signature: `pg_catalog.${name}`,
    args: undefined,
    defaults: 0,
    variadic: false,
    returns: 0,
    outs: [],
    kind: 'f',
    volatility: 's',
    language: 'internal',
    system: true,
    extension: undefined,
    source: undefined,
  }
}
