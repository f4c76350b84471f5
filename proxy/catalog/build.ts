import type { CastInfo, Catalog, FunctionInfo, OperatorInfo, Relation, TypeInfo } from './catalog.ts'

/** What a reader found, before it is indexed. */
export interface CatalogParts {
  readonly serverVersion: number
  readonly assumed: boolean
  readonly systemFirst: boolean
  readonly schemas: readonly string[]
  readonly relations: readonly Relation[]
  readonly types: readonly TypeInfo[]
  readonly functions: readonly FunctionInfo[]
  readonly operators: readonly OperatorInfo[]
  readonly casts: readonly CastInfo[]
}

const NONE: readonly never[] = Object.freeze([])
let versions = 0

/** Indexes the parts and freezes the snapshot. Each call makes a new version. */
export function buildCatalog(parts: CatalogParts): Catalog {
  const relations = byOid(parts.relations)
  const relationNames = byName(parts.relations)
  const types = byOid(parts.types)
  const typeNames = byName(parts.types)
  const functions = byOid(parts.functions)
  const functionNames = byName(parts.functions)
  const operatorNames = byName(parts.operators)
  const implicit = new Set<string>()
  for (const cast of parts.casts) if (cast.context === 'i' && cast.system) implicit.add(pair(cast.source, cast.target))
  const codeCasts = parts.casts.filter((cast) => cast.fn !== 0 && !cast.system)
  versions += 1
  return Object.freeze({
    version: versions,
    serverVersion: parts.serverVersion,
    assumed: parts.assumed,
    systemFirst: parts.systemFirst,
    schemas: new Set(parts.schemas),
    relation: (oid: number) => relations.get(oid),
    relationsNamed: (name: string) => relationNames.get(name) ?? NONE,
    relations: () => relations.values(),
    type: (oid: number) => types.get(oid),
    typesNamed: (name: string) => typeNames.get(name) ?? NONE,
    fn: (oid: number) => functions.get(oid),
    functions: () => functions.values(),
    functionsNamed: (name: string) => functionNames.get(name) ?? NONE,
    operatorsNamed: (name: string) => operatorNames.get(name) ?? NONE,
    codeCasts,
    implicit: (source: number, target: number) => implicit.has(pair(source, target)),
  })
}

function pair(source: number, target: number): string {
  return `${source} ${target}`
}

function byOid<T extends { readonly oid: number }>(all: readonly T[]): Map<number, T> {
  return new Map(all.map((one) => [one.oid, one]))
}

function byName<T extends { readonly name: string }>(all: readonly T[]): Map<string, T[]> {
  const names = new Map<string, T[]>()
  for (const one of all) {
    const same = names.get(one.name)
    if (same === undefined) names.set(one.name, [one])
    else same.push(one)
  }
  return names
}

/** `public.customers`, with quotes only where SQL needs them. */
export function qualify(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
