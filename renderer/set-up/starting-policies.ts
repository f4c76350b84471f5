export type Start = 'observe' | 'reads' | 'approvals'

export interface StartingPolicy {
  readonly key: Start
  readonly title: string
  readonly what: string
  /** What becomes of it, by the words of verdicts. */
  readonly lines: readonly (readonly [what: string, outcome: 'allowed' | 'held' | 'denied', word: string])[]
}

export const startingPolicies: readonly StartingPolicy[] = [
  {
    key: 'observe',
    title: 'Observe only',
    what: 'Agents work as today. You learn what they do before you rule.',
    lines: [
      ['Reads', 'allowed', 'run'],
      ['Choosing by masked columns', 'allowed', 'run'],
      ['Writes', 'allowed', 'run'],
      ['Schema changes', 'allowed', 'run'],
      ['Server files, roles', 'denied', 'denied'],
    ],
  },
  {
    key: 'reads',
    title: 'Reads only',
    what: 'Agents look and never touch.',
    lines: [
      ['Reads', 'allowed', 'run'],
      ['Choosing by masked columns', 'denied', 'denied'],
      ['Writes', 'denied', 'denied'],
      ['Schema changes', 'denied', 'denied'],
      ['Server files, roles', 'denied', 'denied'],
    ],
  },
  {
    key: 'approvals',
    title: 'Reads with approvals',
    what: 'Agents look freely; a person says yes to each write. Most teams start here.',
    lines: [
      ['Reads', 'allowed', 'run'],
      ['Choosing by masked columns', 'held', 'ask'],
      ['Writes', 'held', 'ask, 10 min'],
      ['Schema changes', 'denied', 'denied'],
      ['Server files, roles', 'denied', 'denied'],
    ],
  },
]

interface Facts {
  readonly start: Start
  readonly connection: string
  readonly groups: readonly string[]
  readonly approvers: readonly string[]
  /** Labels that the connection has. */
  readonly labels: readonly string[]
  /** Names that policies have already. */
  readonly taken: readonly string[]
}

const READS = ['read', 'session', 'transaction']

/** The policy as the configuration has it. What no rule speaks of is denied anyhow. */
export function startingPolicy({ start, connection, groups, approvers, labels, taken }: Facts): Record<string, unknown> {
  const wanted = `agents-on-${connection}`
  let name = wanted
  for (let turn = 2; taken.includes(name); turn++) name = `${wanted}-${turn}`
  const asks = { approvers: [...approvers], wait: '10m' }
  const uses = labels.length > 0 ? { uses: [...new Set(labels)] } : undefined
  const rules: Record<Start, Record<string, unknown>[]> = {
    observe: [
      { effect: 'allow', statements: [...READS, 'write', 'ddl'] },
      { effect: 'deny', statements: ['privilege', 'admin', 'unknown'] },
    ],
    reads: [
      ...(uses ? [{ effect: 'deny', ...uses, message: 'Choose rows by columns that are not masked.' }] : []),
      { effect: 'allow', statements: READS },
      { effect: 'deny', statements: ['write', 'ddl', 'privilege', 'admin', 'unknown'], message: 'Agents only read here.' },
    ],
    approvals: [
      ...(uses ? [{ effect: 'ask', ...uses, ...asks, reason: 'the answer can tell what is masked' }] : []),
      { effect: 'allow', statements: READS },
      { effect: 'ask', statements: ['write'], ...asks },
      { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'], message: 'Schema changes go through migrations.' },
    ],
  }
  return { name, groups: [...groups], connections: [connection], rules: rules[start] }
}
