import { loadModule } from 'libpg-query'
import { IN_PLACE_BYTES, type Parsed, parseHere } from '../../proxy/statement/parse.ts'

// Whoever imports this may parse at once, also where no gateway runs: in a test, in a tool that reads recordings.
await loadModule()

/** The tree of a text that is short enough to be parsed in place; undefined for a longer one, and for one that the grammar refuses. */
export function readTree(sql: string): Extract<Parsed, { tree: unknown }>['tree'] | undefined {
  if (Buffer.byteLength(sql) > IN_PLACE_BYTES || sql.includes('\0')) return undefined
  const parsed = parseHere(sql)
  return 'refused' in parsed ? undefined : parsed.tree
}
