/**
 * A catalog that follows a script cheaply: PostgreSQL's own objects are read once, what the script made is read again whenever it may
 * have changed. Same connection as the script, so that what a transaction has not committed yet is seen too.
 */
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { FIRST_USER_OID } from '../../proxy/catalog/catalog.ts'
import * as queries from '../../proxy/catalog/queries.ts'
import { type RunQuery, readCatalog } from '../../proxy/catalog/read.ts'

type Rows = (string | null)[][]

/** Which column of the query's result is the object's OID. */
const OID_COLUMNS: ReadonlyMap<string, string> = new Map([
  [queries.RELATIONS, 'oid'],
  [queries.TYPES, 'oid'],
  [queries.FUNCTIONS, 'oid'],
  [queries.OPERATORS, 'oid'],
  [queries.CASTS, 'oid'],
])

export interface FollowingCatalog {
  /** The catalog of now. Keeps the last one where the transaction has failed and nothing can be read. */
  read(): Promise<Catalog>
}

export async function followCatalog(run: RunQuery): Promise<FollowingCatalog> {
  const own = new Map<string, Rows>()
  const select = (sql: string, column: string, sign: string) => run(`SELECT * FROM (${sql}) q WHERE q.${column} ${sign} ${FIRST_USER_OID}`)
  for (const [sql, column] of OID_COLUMNS) own.set(sql, await select(sql, column, '<'))
  const delta: RunQuery = async (sql) => {
    const column = OID_COLUMNS.get(sql)
    return column === undefined ? run(sql) : [...(own.get(sql) ?? []), ...(await select(sql, column, '>='))]
  }
  let last = await readCatalog(run)
  return {
    read: async () => {
      try {
        last = await readCatalog(delta)
      } catch (error) {
        if (!/transaction is aborted|25P02/.test(String(error))) throw error
      }
      return last
    },
  }
}
