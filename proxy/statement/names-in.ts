import type { ParseResult, RangeVar } from '@pgsql/types'
import { namesOf } from './tree.ts'

export interface NamesIn {
  readonly relations: readonly { readonly schema: string | undefined; readonly name: string }[]
  readonly columns: readonly string[]
}

/** Every relation and column name in a tree, whatever it turns out to mean. */
export function namesIn(tree: ParseResult): NamesIn {
  const relations: { schema: string | undefined; name: string }[] = []
  const columns = new Set<string>()
  const stack: unknown[] = [tree]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part !== 'object' || part === null) continue
    if ('relname' in part) relations.push({ schema: (part as RangeVar).schemaname, name: (part as RangeVar).relname ?? '' })
    if ('fields' in part) for (const name of lastOf(part.fields)) columns.add(name)
    if ('ResTarget' in part) {
      const name = (part.ResTarget as { name?: string }).name
      if (name !== undefined) columns.add(name)
    }
    if ('attlist' in part || 'usingClause' in part) {
      const named = part as { attlist?: Parameters<typeof namesOf>[0]; usingClause?: Parameters<typeof namesOf>[0] }
      for (const name of [...namesOf(named.attlist), ...namesOf(named.usingClause)]) if (name !== '') columns.add(name)
    }
    for (const one of Object.values(part)) stack.push(one)
  }
  return { relations, columns: [...columns] }
}

function lastOf(fields: unknown): string[] {
  const names = namesOf(fields as Parameters<typeof namesOf>[0]).filter((name) => name !== '')
  return names.slice(-1)
}
