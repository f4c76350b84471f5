import type { Facts } from '../../main/contract/index.ts'

export interface Touched {
  readonly relation: string
  readonly access: 'read' | 'write'
  readonly via: string | null
  readonly columns: readonly { readonly name: string; readonly uses: boolean; readonly label: string | null }[]
}

/** Relations with the columns that are touched in each: written ones first, labelled columns first. */
export function touchedIn(facts: Facts): Touched[] {
  const rows = new Map<string, Touched>()
  for (const relation of facts.relations) {
    const known = rows.get(relation.name)
    if (known && (known.access === 'write' || relation.access === 'read')) continue
    rows.set(relation.name, {
      relation: relation.name,
      access: relation.access,
      via: relation.via,
      columns: columnsOf(facts, relation.name),
    })
  }
  return [...rows.values()].sort((a, b) => Number(b.access === 'write') - Number(a.access === 'write'))
}

function columnsOf(facts: Facts, relation: string): Touched['columns'] {
  const columns = new Map<string, Touched['columns'][number]>()
  for (const column of facts.columns) {
    if (!column.name.startsWith(`${relation}.`)) continue
    const name = column.name.slice(relation.length + 1)
    if (name.includes('.')) continue
    const known = columns.get(name)
    columns.set(name, { name, uses: column.how === 'uses' || known?.uses === true, label: column.label ?? known?.label ?? null })
  }
  return [...columns.values()].sort((a, b) => Number(b.label !== null) - Number(a.label !== null))
}
