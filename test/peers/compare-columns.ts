import type { Catalog } from '../../proxy/catalog/catalog.ts'
import type { OutputColumn, StatementFacts } from '../../proxy/statement/facts.ts'
import type { Described } from './described.ts'
import { parseNodes } from './node-text.ts'
import { columnsOfTree } from './server-columns.ts'

export interface Comparison {
  /** Columns that the server reads and the facts do not name, and places whose origin the facts deny. */
  readonly missed: readonly string[]
  /** Columns that the facts name and the server does not read. */
  readonly over: readonly string[]
}

/** The facts of a statement beside the server's own analysis of it. */
export function compareColumns(facts: StatementFacts, described: Described, catalog: Catalog): Comparison {
  const server = columnsOfTree(parseNodes(described.tree ?? ''))
  const ours = new Set(facts.columns.map((use) => `${use.oid}.${use.attnum}`))
  const missed = [...server].filter((key) => {
    const { oid, attnum } = read(key)
    const relation = catalog.relation(oid)
    // PostgreSQL's own views are relations in their own right, and what they are made of is not looked at.
    if (relation === undefined || relation.system) return false
    if (ours.has(key) || ours.has(`${oid}.0`)) return false
    return attnum !== 0 || !relation.columns.every((column) => ours.has(`${oid}.${column.attnum}`))
  })
  const over = [...ours].filter((key) => {
    const { oid, attnum } = read(key)
    if (server.has(key) || server.has(`${oid}.0`)) return false
    if (attnum === 0 && catalog.relation(oid)?.columns.every((column) => server.has(`${oid}.${column.attnum}`))) return false
    return !isBelowMaterialized(oid, facts, catalog)
  })
  const places: string[] = []
  const outputs = facts.outputs ?? []
  described.fields.forEach((field, place) => {
    const output = outputs[place]
    if (output === undefined) places.push(`output ${place + 1} is not there`)
    else if (output.name !== field.name) places.push(`output ${place + 1} is called ${output.name}, not ${field.name}`)
    else if (field.tableID !== 0 && !isOrigin(output, field.tableID, field.columnID, catalog))
      places.push(`output ${place + 1} (${field.name}) is ${label(`${field.tableID}.${field.columnID}`, catalog)}`)
  })
  if (outputs.length > described.fields.length) places.push(`${outputs.length} outputs instead of ${described.fields.length}`)
  return { missed: [...missed.map((key) => label(key, catalog)), ...places], over: over.map((key) => label(key, catalog)) }
}

/** A table's column comes out as itself; a view's own may be computed below, and a whole row is made of its columns. */
function isOrigin(output: OutputColumn, oid: number, attnum: number, catalog: Catalog): boolean {
  const kind = catalog.relation(oid)?.kind
  const computed = attnum === 0 || kind === 'v' || kind === 'm'
  return (computed || output.from === 'itself') && output.sources.some((one) => one.oid === oid && one.attnum === attnum)
}

/** The server reads a materialized view as a table; the facts also name what it was filled from. */
function isBelowMaterialized(oid: number, facts: StatementFacts, catalog: Catalog): boolean {
  const views = facts.relations.filter((use) => use.oid === oid && use.via !== undefined).map((use) => use.via)
  return facts.relations.some((use) => catalog.relation(use.oid)?.kind === 'm' && views.includes(use.relation))
}

function read(key: string): { oid: number; attnum: number } {
  const [oid = 0, attnum = 0] = key.split('.').map(Number)
  return { oid, attnum }
}

function label(key: string, catalog: Catalog): string {
  const { oid, attnum } = read(key)
  const relation = catalog.relation(oid)
  const column = attnum === 0 ? '*' : (relation?.columns.find((one) => one.attnum === attnum)?.name ?? String(attnum))
  return `${relation?.label ?? oid}.${column}`
}
