import { parseDocument } from 'yaml'
import { z } from 'zod'

const words = z.array(z.string())

/** A rule as it stands in the file, as far as a form can show it. Keys that it does not know stay. */
const ruleSourceSchema = z.looseObject({
  effect: z.enum(['allow', 'ask', 'deny']),
  statements: z.array(z.enum(['read', 'write', 'ddl', 'privilege', 'session', 'transaction', 'admin', 'unknown'])).optional(),
  tables: words.optional(),
  touches: words.optional(),
  shows: words.optional(),
  uses: words.optional(),
  without: z.literal('where').optional(),
  functions: words.optional(),
  hours: z.string().optional(),
  approvers: words.optional(),
  wait: z.string().optional(),
  maxRows: z.number().optional(),
  passkey: z.boolean().optional(),
  approvals: z.number().optional(),
  afterUntrusted: z.literal(true).optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
})
export type RuleSource = z.infer<typeof ruleSourceSchema>

const policySourceSchema = z.looseObject({ name: z.string(), groups: words, connections: words, rules: z.array(ruleSourceSchema) })
export type PolicySource = z.infer<typeof policySourceSchema>

const testSourceSchema = z.looseObject({
  name: z.string().optional(),
  statement: z.string(),
  connection: z.string(),
  as: words,
  expect: z.enum(['allow', 'ask', 'deny']),
  rule: z.string().optional(),
})
export type TestSource = z.infer<typeof testSourceSchema>

const draftSchema = z.looseObject({
  policies: z.array(policySourceSchema).nullish(),
  tests: z.array(testSourceSchema).nullish(),
  connections: z.array(z.looseObject({ name: z.string(), groups: words.optional() })).nullish(),
  sensitive: z.array(z.looseObject({ label: z.string() })).nullish(),
  roles: z.looseObject({ admin: words.optional(), approver: words.optional(), viewer: words.optional() }).nullish(),
})

/** What the pages read in a configuration's text. */
export interface ReadDraft {
  readonly policies: readonly PolicySource[]
  readonly tests: readonly TestSource[]
  /** Names that a form suggests. */
  readonly connections: readonly string[]
  readonly labels: readonly string[]
  /** Groups of agents and of people who connect. */
  readonly groups: readonly string[]
  /** Groups that may decide. */
  readonly deciders: readonly string[]
  /** What `explain` and `what-if` take as a draft. */
  readonly sections: Readonly<Record<string, unknown>>
}

const SECTIONS = ['policies', 'sensitive', 'untrusted', 'vouched', 'patterns']

/** The draft's rules; a string says why they cannot be shown. Comments and what is not about policies are not in it. */
export function readDraft(text: string): ReadDraft | string {
  const document = parseDocument(text)
  const [fault] = document.errors
  if (fault) return `It is not YAML${fault.linePos ? `, line ${fault.linePos[0].line}` : ''}: ${fault.message.split('\n')[0] ?? ''}`
  let json: unknown
  try {
    json = document.toJS() as unknown
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
  const parsed = draftSchema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `${pathWords(issue?.path ?? [])}: ${issue?.message ?? 'it cannot be read.'}`
  }
  const { policies, tests, connections, sensitive, roles } = parsed.data
  const named = (connections ?? []).flatMap(({ groups = [] }) => groups)
  return {
    policies: policies ?? [],
    tests: tests ?? [],
    connections: (connections ?? []).map(({ name }) => name),
    labels: [...new Set((sensitive ?? []).map(({ label }) => label))],
    groups: [...new Set([...named, ...(policies ?? []).flatMap(({ groups }) => groups)])],
    deciders: [...new Set([...(roles?.approver ?? []), ...(roles?.admin ?? [])])],
    sections: Object.fromEntries(
      SECTIONS.flatMap((key) => {
        const section: unknown = parsed.data[key]
        return section === undefined || section === null ? [] : [[key, section]]
      }).concat(policies ? [] : [['policies', []]]),
    ),
  }
}

/** `policies[0].rules[2]`, as the host names places. */
export const pathWords = (path: readonly PropertyKey[]): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? String(step) : `.${String(step)}`)).join('') || 'the whole'
