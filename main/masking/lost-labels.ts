import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { compileLabels, SYSTEM_LABEL } from '../../proxy/verdict/labels.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { NewFollowedLabel } from '../store/followed-labels-table.ts'

type Lost = Pick<NewFollowedLabel, 'label' | 'plain' | 'oid' | 'attnum' | 'schema' | 'name' | 'column_name' | 'source'>

/**
 * Columns that are there as before and have lost a label between the two: by another name or schema of theirs, because they are no longer part of
 * the table that has it, or no longer computed from it. Their values are the same ones.
 */
export function lostLabels(policy: Policy, before: Catalog, now: Catalog): readonly Lost[] {
  if (policy.sensitive.length === 0) return []
  const were = compileLabels(policy, before)
  const are = compileLabels(policy, now)
  const lost: Lost[] = []
  for (const old of before.relations()) {
    const relation = old.system ? undefined : now.relation(old.oid)
    // A view's values are told by what it is made of; a materialized view keeps its own.
    if (relation === undefined || relation.kind === 'v') continue
    for (const column of old.columns) {
      const labels = were.all(old.oid, column.attnum)
      if (labels.length === 0) continue
      const same = relation.columns.find(({ attnum }) => attnum === column.attnum)
      if (same === undefined) continue
      const left = new Set(are.all(old.oid, column.attnum).map((label) => label.label))
      for (const { label } of labels) {
        if (
          label === SYSTEM_LABEL.label ||
          left.has(label) ||
          lost.some((one) => one.oid === old.oid && one.attnum === column.attnum && one.label === label)
        )
          continue
        lost.push({
          label,
          plain: column.generatedFrom === undefined && old.kind !== 'm' ? 1 : 0,
          oid: old.oid,
          attnum: column.attnum,
          schema: relation.schema,
          name: relation.name,
          column_name: same.name,
          source: `${old.label}.${column.name}`,
        })
      }
    }
  }
  return lost
}
