import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { type calls, changeConfigurationRequestSchema, explainRequestSchema } from '../../../main/contract/index.ts'
import { makeConfiguration } from './made-up-administration.ts'
import { marksOf } from './made-up-approvals.ts'

type Answer<Name extends keyof typeof calls> = z.input<(typeof calls)[Name]['response']>
type Version = Answer<'listVersions'>['items'][number]

/** The configuration of one made-up host, which can be checked, changed and put back. */
export function makePolicyWork() {
  let inForce = makeConfiguration(Date.now())
  const texts = new Map<number, string>([[inForce.version, inForce.yaml]])
  const versions: Version[] = earlier(inForce)

  const save = (yaml: string, comment: string, restored: number | null = null): Answer<'changeConfiguration'> => {
    const check = checkText(inForce.yaml, yaml)
    const { added, removed } = check.difference
    inForce = { ...inForce, yaml, comment, version: inForce.version + 1, at: Date.now(), added, removed }
    inForce = { ...inForce, source: restored === null ? 'api' : 'restore', restored }
    for (const version of versions) version.inForce = false
    const { yaml: _yaml, json: _json, fromNextStart: _later, file: _file, ...version } = inForce
    versions.unshift(version)
    texts.set(inForce.version, yaml)
    return { version: inForce.version, changed: true, check, endedSessions: 0 }
  }

  return {
    /** Somebody else saves. */
    saveMeanwhile: (yaml: string, comment: string) => save(yaml, comment),
    read: () => inForce,
    check: (body: unknown): Answer<'checkConfiguration'> => checkText(inForce.yaml, (body as { yaml: string }).yaml),
    /** Undefined: another version is in force. */
    change: (body: unknown): Answer<'changeConfiguration'> | undefined => {
      const { version, yaml, comment = '' } = changeConfigurationRequestSchema.parse(body)
      return version === inForce.version ? save(yaml, comment) : undefined
    },
    restore: (wanted: number, body: unknown) =>
      save(texts.get(wanted) ?? inForce.yaml, (body as { comment?: string }).comment ?? '', wanted),
    versions: (): Answer<'listVersions'> => ({ items: versions, next: null }),
    version: (wanted: number): Answer<'readVersion'> | undefined => {
      const found = versions.find(({ version }) => version === wanted)
      if (!found) return undefined
      const yaml = texts.get(wanted) ?? inForce.yaml
      return { ...found, yaml, difference: differenceOf(texts.get(wanted - 1) ?? yaml.replace('maxRows: 1000', 'maxRows: 5000'), yaml) }
    },
    explain,
    whatIf,
    schema,
  }
}

function earlier(now: ReturnType<typeof makeConfiguration>): Version[] {
  const { yaml: _yaml, json: _json, fromNextStart: _later, file: _file, ...first } = now
  const before = (version: number, hours: number, comment: string, changes: Partial<Version> = {}): Version => ({
    ...first,
    version,
    at: now.at - hours * 3_600_000,
    comment,
    inForce: false,
    added: 2,
    removed: 2,
    ...changes,
  })
  return [
    first,
    before(40, 5, 'Analysts only by day'),
    before(39, 26, '', { source: 'restore', restored: 37, comment: 'The report failed at night' }),
    before(38, 27, 'The nightly report asks first'),
    before(1, 2000, '', { source: 'file', author: null, added: 41, removed: 0 }),
  ]
}

function checkText(before: string, yaml: string): Answer<'checkConfiguration'> {
  const document = parseDocument(yaml)
  const faults = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 0,
    column: error.linePos?.[0].col ?? 0,
    path: '',
    message: error.message.split('\n')[0] ?? '',
    allowed: null,
  }))
  const lines = yaml.split('\n')
  const read = faults.length === 0 ? (document.toJS() as MadeUp) : {}
  const warnings = (read.policies ?? []).flatMap(({ name, rules }, policy) =>
    rules.flatMap((rule, place) => {
      const above = rules.slice(0, place).findIndex((each) => each.statements?.includes('write') && each.without === undefined)
      if (rule.without === undefined || above < 0) return []
      return [
        {
          kind: 'unreachable' as const,
          line: lines.findIndex((line) => line.includes('without')) + 1,
          column: 9,
          path: `policies[${policy}].rules[${place}]`,
          message: `this deny never holds: "${name}/${above + 1}" above decides all that it speaks of.`,
        },
      ]
    }),
  )
  const tests = (read.tests ?? []).map((test, index) => {
    const effect = effectOf(test.statement)
    const passed = effect === test.expect
    const message = passed ? null : `expected ${test.expect}, but it is ${effect} by "agents-on-shop/3": it is a write.`
    const rule = 'agents-on-shop/3'
    return { name: null, because: ['it is a write'], ...test, index, line: 20 + index, passed, effect, rule, message, live: true }
  })
  const difference = differenceOf(before, yaml)
  return { ok: faults.length === 0, faults, warnings, tests, difference, fromNextStart: [], endsSessions: 0 }
}

interface MadeUp {
  readonly policies?: readonly { name: string; rules: readonly { statements?: readonly string[]; without?: string }[] }[]
  readonly tests?: readonly { name?: string; statement: string; connection: string; as: string[]; expect: 'allow' | 'ask' | 'deny' }[]
}

const effectOf = (sql: string): 'allow' | 'ask' | 'deny' =>
  /^\s*(alter|drop|create|grant)/i.test(sql) ? 'deny' : /^\s*(delete|update|insert)/i.test(sql) ? 'ask' : 'allow'

/** Lines alike at both ends are the same; what is between was taken out and put in. */
function differenceOf(before: string, after: string): Answer<'checkConfiguration'>['difference'] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++
  let end = 0
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const removed = old.slice(start, old.length - end)
  const added = now.slice(start, now.length - end)
  if (removed.length + added.length === 0) return { added: 0, removed: 0, lines: [], changes: [], cut: false }
  const around = (from: number, to: number) =>
    now.slice(Math.max(0, from), to).map((text, at) => {
      const after = Math.max(0, from) + at + 1
      return { kind: 'same' as const, before: after <= start ? after : after - added.length + removed.length, after, text }
    })
  const tail = now.length - end
  return {
    added: added.length,
    removed: removed.length,
    lines: [
      ...around(start - 3, start),
      ...removed.map((text, at) => ({ kind: 'removed' as const, before: start + at + 1, after: null, text })),
      ...added.map((text, at) => ({ kind: 'added' as const, before: null, after: start + at + 1, text })),
      ...around(tail, tail + 3),
    ],
    changes: [],
    cut: false,
  }
}

function explain(body: unknown): Answer<'explain'> {
  const { sql } = explainRequestSchema.parse(body)
  const effect = effectOf(sql)
  const first = /^\s*\S+(\s+from)?\s+\S+/i.exec(sql)?.[0] ?? sql
  const rule = { id: 'agents-on-shop/3', place: 3, reason: null, sentence: 'asks a person from dba before writes' }
  return {
    effect,
    rule: effect === 'ask' ? rule : { ...rule, id: effect === 'deny' ? 'agents-on-shop/4' : 'agents-on-shop/2' },
    policyVersion: '41f09c22b7aa',
    sentence: effect === 'ask' ? 'Deletes rows of carts chosen by updated_at.' : 'Reads 1 row.',
    because: effect === 'ask' ? ['it is a write'] : [],
    marks: effect === 'allow' ? [] : marksOf(sql, [first.trim(), 'rule', 'it is a write']),
    hint: '',
    labels: [],
    facts: { verbs: [], relations: [], columns: [], unknown: [] },
    error: null,
  }
}

function whatIf(): Answer<'whatIf'> {
  const group = (example: string, was: 'allow' | 'ask', now: 'ask' | 'deny', statements: number, rule: string) => ({
    shape: example,
    connection: 'shop',
    was,
    now,
    changed: true,
    rule,
    because: ['it is a write'],
    example,
    statements,
    people: 1,
    lastAt: Date.now() - statements * 3_600_000,
  })
  return {
    judged: 9466,
    totals: [
      { was: 'ask', now: 'deny', statements: 12 },
      { was: 'allow', now: 'ask', statements: 5 },
      { was: 'allow', now: 'allow', statements: 9449 },
    ],
    groups: [
      group("DELETE FROM carts WHERE updated_at < now() - '90 days'::interval", 'ask', 'deny', 7, 'agents-on-shop/4'),
      group('UPDATE products SET price = round(price * 1.04, 2)', 'ask', 'deny', 3, 'agents-on-shop/4'),
      group("UPDATE coupons SET active = false WHERE ends_at < '2026-11-01'", 'ask', 'deny', 2, 'agents-on-shop/4'),
      group("SELECT id FROM customers WHERE email = 'maya@example.com'", 'allow', 'ask', 4, 'agents-on-shop/1'),
      group("SELECT count(*) FROM customers WHERE phone LIKE '+49%'", 'allow', 'ask', 1, 'agents-on-shop/1'),
    ],
    unclear: 21,
    cut: false,
  }
}

function schema(): Answer<'configurationSchema'> {
  const words = { type: 'array', items: { type: 'string' } }
  const rule = {
    type: 'object',
    properties: {
      effect: { enum: ['allow', 'ask', 'deny'] },
      statements: { type: 'array', items: { enum: ['read', 'write', 'ddl', 'privilege', 'session', 'transaction', 'admin', 'unknown'] } },
      tables: { ...words, description: 'schema.name with "*" for any characters' },
      uses: words,
      wait: { type: 'string', description: 'a duration above zero with its unit' },
    },
  }
  const policy = {
    type: 'object',
    properties: { name: { type: 'string' }, groups: words, connections: words, rules: { type: 'array', items: rule } },
  }
  return { type: 'object', properties: { policies: { type: 'array', items: policy }, roles: { type: 'object' }, tests: { type: 'array' } } }
}
