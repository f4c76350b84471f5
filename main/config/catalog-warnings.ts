import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { misfitForms } from '../../proxy/mask/forms-for-type.ts'
import { compilePattern } from '../../proxy/verdict/patterns.ts'
import { unmatchedColumns } from '../../proxy/verdict/unmatched.ts'
import type { Config } from '../config.ts'
import { compilePolicy } from '../policies/compile.ts'
import type { KeyPath } from './document.ts'

export interface CatalogWarning {
  readonly kind: 'mask' | 'unused'
  readonly path: KeyPath
  readonly message: string
}

/** Only names and types are looked at: no value is masked here. */
const NO_KEY = Buffer.alloc(32)

/** What a configuration names that a connection's database does not have, and masks that its columns cannot hold. */
export function warnFromCatalog(config: Config, connection: string, catalog: Catalog): CatalogWarning[] {
  const policy = compilePolicy(config, connection, NO_KEY)
  const gone = new Set(unmatchedColumns(policy, catalog))
  const labels = config.sensitive.flatMap((entry, i) =>
    entry.connection !== connection
      ? []
      : entry.columns.flatMap((column, j) =>
          gone.has(column)
            ? [
                {
                  kind: 'unused' as const,
                  path: ['sensitive', i, 'columns', j],
                  message: `the database of "${connection}" has no column ${column}.`,
                },
              ]
            : [],
        ),
  )
  const misfits = misfitForms(policy, catalog).map(({ label, form, why }) => {
    const place = config.sensitive.findIndex((entry) => entry.connection === connection && entry.label === label && entry.mask === form)
    return { kind: 'mask' as const, path: ['sensitive', place, 'mask'], message: `${why}.` }
  })
  return [...labels, ...misfits, ...tablesThatNothingHas(config, connection, catalog)]
}

function tablesThatNothingHas(config: Config, connection: string, catalog: Catalog): CatalogWarning[] {
  const names = [...catalog.relations()].map(({ schema, name }) => [schema, name])
  const nothing = (pattern: string) => {
    const fits = compilePattern(pattern)
    return !names.some((parts) => fits(parts))
  }
  const warn = (path: KeyPath, pattern: string): CatalogWarning => ({
    kind: 'unused',
    path,
    message: `the database of "${connection}" has no table that "${pattern}" names.`,
  })
  const untrusted = config.untrusted.flatMap((entry, i) =>
    entry.connection === connection
      ? entry.tables.flatMap((table, j) => (nothing(table) ? [warn(['untrusted', i, 'tables', j], table)] : []))
      : [],
  )
  const rules = config.policies.flatMap((policy, i) =>
    // A policy for several databases may name what only one of them has.
    policy.connections.length === 1 && policy.connections[0] === connection
      ? policy.rules.flatMap((rule, j) =>
          (rule.tables ?? []).flatMap((table, k) => (nothing(table) ? [warn(['policies', i, 'rules', j, 'tables', k], table)] : [])),
        )
      : [],
  )
  return [...untrusted, ...rules]
}
