import { z } from 'zod'

const planSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Plan Rows': z.number(),
    'Total Cost': z.number(),
    Plans: z.array(planSchema).optional(),
  }),
)
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly 'Total Cost': number
  readonly Plans?: PlanNode[] | undefined
  readonly [key: string]: unknown
}

/** The answer of `EXPLAIN (FORMAT JSON)`. Throws `SyntaxError` or `ZodError` when it is another thing. */
export function readPlan(json: string): PlanNode {
  const [first] = z.array(z.object({ Plan: planSchema })).parse(JSON.parse(json))
  if (first === undefined) throw new SyntaxError('the plan is empty')
  return first.Plan
}

/** Rows that the planner expects a statement to touch, or to give: a ModifyTable says none itself, what it is fed with does. */
export function expectedRows(plan: PlanNode): number {
  if (plan['Node Type'] !== 'ModifyTable') return plan['Plan Rows']
  const fed = (plan.Plans ?? []).filter((one) => one['Parent Relationship'] !== 'InitPlan' && one['Parent Relationship'] !== 'SubPlan')
  return fed.reduce((sum, one) => sum + one['Plan Rows'], 0)
}

const MOST_LINES = 60
const CONDITIONS = ['Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'Join Filter', 'Filter', 'Sort Key', 'Group Key']

/** As psql shows it, shorter. `condition` says how an expression may be shown: undefined leaves it out. */
export function planLines(plan: PlanNode, condition: (text: string) => string | undefined): string[] {
  const lines: string[] = []
  const add = (node: PlanNode, depth: number): void => {
    const indent = depth === 0 ? '' : `${'  '.repeat(depth * 2 - 1)}->  `
    const rows = Math.round(node['Plan Rows']).toLocaleString('en-US')
    lines.push(`${indent}${nameOf(node)}  (cost=${node['Total Cost'].toFixed(2)} rows=${rows})`)
    for (const key of CONDITIONS) {
      const value = node[key]
      const text = Array.isArray(value) ? value.join(', ') : value
      const shown = typeof text === 'string' ? condition(text) : undefined
      if (shown !== undefined) lines.push(`${'  '.repeat(depth * 2 + 1)}${key}: ${shown}`)
    }
    for (const child of node.Plans ?? []) add(child, depth + 1)
  }
  add(plan, 0)
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} lines more`]
}

function nameOf(node: PlanNode): string {
  const text = (key: string): string => (typeof node[key] === 'string' ? node[key] : '')
  const type = node['Node Type'] === 'ModifyTable' ? text('Operation') || 'ModifyTable' : node['Node Type']
  const join = text('Join Type') === '' || text('Join Type') === 'Inner' ? '' : ` ${text('Join Type')} Join`
  const index = text('Index Name') === '' ? '' : ` using ${text('Index Name')}`
  const alias = text('Alias') === '' || text('Alias') === text('Relation Name') ? '' : ` ${text('Alias')}`
  const relation = text('Relation Name') === '' ? '' : ` on ${text('Relation Name')}${alias}`
  const part = text('Subplan Name') === '' ? '' : `${text('Subplan Name')}: `
  return `${part}${type}${join}${index}${relation}`
}
