import type { CatalogColumn, Relation } from '../../proxy/catalog/catalog.ts'
import { type OwnConnection, openOwnConnection } from '../../proxy/login/query.ts'
import type { Upstream } from '../../proxy/ports.ts'

export type SampleRow = readonly (string | null)[]

/** Reads some rows of one table at a time, read only, over a connection of its own. */
export interface Sampler {
  /** At most `rows` rows, each value cut to `characters`. Throws `upstream-unavailable` with the server's words. */
  read(relation: Relation, columns: readonly CatalogColumn[], rows: number, characters: number): Promise<SampleRow[]>
  close(): void
}

/** `tableMs`: longest time for one table. Throws `upstream-unavailable`, `upstream-refused`. */
export async function openSampler(upstream: Upstream, tableMs: number): Promise<Sampler> {
  const connection = await openOwnConnection(upstream)
  await connection.query(`SET statement_timeout = ${Math.ceil(tableMs)}`)
  await connection.query("SET lock_timeout = '500ms'")
  return { read: (...table) => read(connection, ...table), close: () => connection.close() }
}

async function read(
  connection: OwnConnection,
  relation: Relation,
  columns: readonly CatalogColumn[],
  rows: number,
  characters: number,
): Promise<SampleRow[]> {
  return connection.query(sampleText(relation, columns, rows, characters))
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function sampleText(relation: Relation, columns: readonly CatalogColumn[], rows: number, characters: number): string {
  const list = columns.map((column) => `left(${quoted(column.name)}::text, ${characters})`).join(', ')
  return `SELECT ${list} FROM ${quoted(relation.schema)}.${quoted(relation.name)} LIMIT ${rows}`
}

/** What an agent would send to see these columns: the plan for the preview is made from it. */
export function plainText(relation: Relation, columns: readonly CatalogColumn[]): string {
  return `SELECT ${columns.map((column) => quoted(column.name)).join(', ')} FROM ${quoted(relation.schema)}.${quoted(relation.name)}`
}
