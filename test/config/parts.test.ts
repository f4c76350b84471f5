import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { analyseRules, coversPattern } from '../../main/config/analyse-rules.ts'
import { describeSchema } from '../../main/config/describe-schema.ts'
import { compareTexts, compareValues } from '../../main/config/difference.ts'
import { replaceSections } from '../../main/config/edit-document.ts'
import { keepSecrets } from '../../main/config/keep-secrets.ts'
import { DESCRIPTIONS } from '../../main/config/schema-words.ts'
import { ConfigError, parseConfig } from '../../main/config.ts'

const FIXTURE = readFileSync(path.join(import.meta.dirname, 'fixtures/contract.yaml'), 'utf8')
const ENV = { OIDC_SECRET: 'a', SHOP_PASSWORD: 'b' }
const configOf = (yaml: string) => parseConfig(yaml, { file: 'f.yaml', folder: '/', env: ENV })

describe('credentials that are spelled out', () => {
  it.each([
    ['plain', 'password: hunter2', 'hunter2'],
    ['quoted', 'password: "hun#ter 2"', 'hun#ter 2'],
    ['a block text', 'password: |-\n      hunter2\n      more', 'hunter2\nmore'],
  ])('are taken out where they are %s', (_what, written, secret) => {
    const yaml = FIXTURE.replace(/password: \S+/, written)
    const { text, secrets } = keepSecrets(yaml)
    expect(secrets).toEqual([{ name: 'connections.shop.password', secret }])
    expect(text).not.toContain('hunter2')
    expect(parse(text)).toEqual({
      ...parse(yaml),
      connections: [{ ...parse(yaml).connections[0], password: `\${vault:connections.shop.password}` }],
    })
    expect(keepSecrets(text)).toEqual({ text, secrets: [] })
  })

  it('are taken out of what an anchor shares, too', () => {
    const yaml = FIXTURE.replace(/ {2}- name: shop[\s\S]*?(?=sensitive:)/, (shop) => {
      const first = shop.replace('- name: shop', '- &shop\n    name: shop').replace(/password: \S+/, 'password: hunter2')
      return `${first}  - *shop\n`
    })
    const { text, secrets } = keepSecrets(yaml)
    expect(text).not.toContain('hunter2')
    expect(new Set(secrets.map(({ secret }) => secret))).toEqual(new Set(['hunter2']))
    expect(parse(text).connections.map((one: { password: string }) => one.password)).toEqual(
      Array(2).fill(`\${vault:connections.shop.password}`),
    )
  })

  it('are a fault with a reference in the middle of them', () => {
    const yaml = FIXTURE.replace(/password: \S+/, `password: "a\${env:SHOP_PASSWORD}"`)
    expect(() => configOf(yaml)).toThrow(/connections\[0\]\.password: is a reference with text around it/)
  })
})

describe('the difference', () => {
  it('is what changed, with three lines around it', () => {
    const before = Array.from({ length: 20 }, (_one, i) => `line ${i + 1}\n`).join('')
    const after = before.replace('line 10\n', 'line ten\nand more\n')
    const { lines, added, removed } = compareTexts(before, after)
    expect({ added, removed }).toEqual({ added: 2, removed: 1 })
    expect(lines.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'removed line 10',
      'added line ten',
      'added and more',
    ])
    expect(lines.map(({ before: line }) => line)).toEqual([7, 8, 9, 10, null, null, 11, 12, 13])
  })

  it('makes the second text out of the first, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((list) => list.map((one) => `${one}\n`).join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { added, removed, lines } = compareTexts(before, after)
        expect(added - removed).toBe(after.length / 2 - before.length / 2)
        for (const { kind, before: old, after: now, text: said } of lines) {
          if (kind !== 'added') expect(before.split('\n')[(old ?? 0) - 1]).toBe(said)
          if (kind !== 'removed') expect(after.split('\n')[(now ?? 0) - 1]).toBe(said)
        }
      }),
    )
  })

  it('names values by where they are, entries by their names', () => {
    const before = {
      a: [
        { name: 'x', n: 1 },
        { name: 'y', n: 2 },
      ],
      list: ['p', 'q'],
    }
    const after = { a: [{ name: 'y', n: 3 }], list: ['p'] }
    expect(compareValues(before, after)).toEqual([
      { path: 'a.x.name', before: 'x', after: null },
      { path: 'a.x.n', before: '1', after: null },
      { path: 'a.y.n', before: '2', after: '3' },
      { path: 'list', before: 'p, q', after: 'p' },
    ])
  })

  it('of two long texts that have nothing in common is told without pairing lines', () => {
    const long = (word: string) => Array.from({ length: 3000 }, (_one, i) => `${word} ${i}\n`).join('')
    expect(compareTexts(long('a'), long('b'))).toMatchObject({ added: 3000, removed: 3000, cut: true })
  })
})

describe('an edited section', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 12 }),
    fc.constantFrom('yes', 'null', '1e3', '# no', '- x', '{a', `\${env:A}`, 'a: b'),
  )
  const entry = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(value, fc.array(value, { maxLength: 3 })), {
    maxKeys: 4,
    noNullPrototype: true,
  })
  const section = fc.array(entry, { maxLength: 4 })

  it('says what it was told to, and all else stays as it was', () => {
    fc.assert(
      fc.property(section, section, (first, second) => {
        const one = replaceSections(FIXTURE, { patterns: first })
        const two = replaceSections(one, { patterns: second })
        expect(parse(two)).toEqual({ ...parse(FIXTURE), patterns: second })
        const [head, tail] = [FIXTURE.slice(0, FIXTURE.indexOf('patterns:')), FIXTURE.slice(FIXTURE.indexOf('\npolicies:'))]
        expect(two.startsWith(head)).toBe(true)
        expect(two.endsWith(tail)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('works on JSON, and on a file that ends without a line end', () => {
    const json = JSON.stringify(parse(FIXTURE), null, 2)
    expect(parse(replaceSections(json, { untrusted: undefined, tests: [] }))).toEqual({ ...omit(parse(FIXTURE), 'untrusted'), tests: [] })
    expect(parse(replaceSections('a: 1\nb: [2]', { c: [{ d: 3 }] }))).toEqual({ a: 1, b: [2], c: [{ d: 3 }] })
  })
})

const omit = (value: Record<string, unknown>, key: string) => Object.fromEntries(Object.entries(value).filter(([one]) => one !== key))

describe('rules that never decide', () => {
  const withRules = (...rules: string[]) =>
    analyseRules(
      configOf(
        FIXTURE.slice(0, FIXTURE.indexOf('policies:')).concat(
          `policies:\n  - name: p\n    groups: [ai-agents]\n    connections: [shop]\n    rules:\n${rules.map((rule) => `      - { ${rule} }\n`).join('')}`,
        ),
      ),
    ).map(({ kind, path: at, message }) => `${kind} ${at.at(-1)}: ${message}`)

  it.each<[string, string[], RegExp | undefined]>([
    ['behind one without conditions', ['effect: allow', 'effect: deny, statements: [ddl]'], /unreachable 1: this deny never holds: "p\/1"/],
    ['behind the same', ['effect: deny, statements: [ddl]', 'effect: allow, statements: [ddl]'], /unreachable 1: this rule never decides/],
    [
      'taken apart by two',
      [
        'effect: allow, statements: [read]',
        'effect: deny, statements: [write]',
        'effect: ask, statements: [read, write], approvers: [dba]',
      ],
      /unreachable 2: .*"p\/1", "p\/2"/,
    ],
    ['in part', ['effect: allow, statements: [write]', 'effect: deny, statements: [write, ddl]'], /overlap 1: .*write by "p\/1" \(allow\)/],
    [
      'by a wider table',
      ['effect: allow, tables: ["public.*"]', 'effect: allow, tables: [public.customers], statements: [read]'],
      /unreachable 1/,
    ],
    ['not by a narrower table', ['effect: allow, tables: [public.customers]', 'effect: deny'], undefined],
    ['not by a condition that it lacks', ['effect: ask, uses: [pii], approvers: [dba]', 'effect: allow, statements: [read]'], undefined],
    ['by the same label and another', ['effect: deny, touches: [pii]', 'effect: allow, shows: [pii]'], /unreachable 1/],
    ['not by one side of a label', ['effect: deny, shows: [pii]', 'effect: allow, touches: [pii]'], undefined],
    [
      'not by a rule that only looks at what is direct',
      ['effect: allow, tables: [public.customers]', 'effect: deny, tables: [public.customers]'],
      undefined,
    ],
    ['not at other hours', ['effect: deny, hours: "09:00-17:00"', 'effect: allow, statements: [read]'], undefined],
    [
      'not an ordinary policy',
      [
        'effect: ask, uses: [pii], approvers: [dba]',
        'effect: allow, statements: [read], tables: ["public.*"]',
        'effect: ask, statements: [write], approvers: [dba]',
        'effect: deny, statements: [ddl, unknown]',
      ],
      undefined,
    ],
  ])('%s', (_what, rules, expected) => {
    const found = withRules(...rules)
    if (expected === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringMatching(expected)])
  })

  it('patterns cover what every name of the other fits', () => {
    const name = fc.stringMatching(/^[ab]{1,4}$/)
    const pattern = fc.stringMatching(/^[ab]{0,2}\*?[ab]{0,2}$/).filter((one) => one !== '')
    const regex = (one: string) => new RegExp(`^${one.replaceAll('*', '.*')}$`)
    fc.assert(
      fc.property(pattern, pattern, name, (wide, narrow, word) => {
        if (coversPattern(`s.${wide}`, `s.${narrow}`) && regex(narrow).test(word)) expect(word).toMatch(regex(wide))
      }),
    )
  })

  it('a connection that no policy speaks of is told', () => {
    const other = FIXTURE.replace('groups: [ai-agents]', 'groups: [others]')
    expect(analyseRules(configOf(other)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('everything on "shop" is denied'),
    )
  })
})

describe('the schema for editors', () => {
  it('has words for every key, and none for keys that are not there', () => {
    const keys: string[] = []
    const walk = (schema: Record<string, unknown>, at: string): void => {
      for (const [key, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>)) {
        const here = at === '' ? key : `${at}.${key}`
        keys.push(here)
        walk(property, here)
      }
      if (schema['items']) walk(schema['items'] as Record<string, unknown>, `${at}[]`)
      for (const one of (schema['anyOf'] ?? []) as Record<string, unknown>[]) walk(one, at)
    }
    walk(describeSchema(), '')
    expect([...new Set(keys)].sort()).toEqual(Object.keys(DESCRIPTIONS).sort())
  })

  it('refuses unknown keys, and knows what may stand where', () => {
    expect(describeSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      properties: {
        proxy: { additionalProperties: false },
        policies: { items: { properties: { rules: { items: { properties: { effect: { enum: ['allow', 'ask', 'deny'] } } } } } } },
      },
    })
  })
})

describe('any text', () => {
  const lines = FIXTURE.split('\n')
  const junk = fc.oneof(
    fc.constantFrom('"', ': ', '[', '}', '&a *a', '|', `\${env:X}`, '\t', 'null', '- ', '!!x', '99999999999999999999'),
    fc.string({ maxLength: 8 }),
  )

  it('is a configuration, or has faults that say where: it never breaks the reader', () => {
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(60), fc.nat(6), junk, (line, column, gone, inserted) => {
        const changed = lines
          .map((text, i) => (i === line ? text.slice(0, column) + inserted + text.slice(column + gone) : text))
          .join('\n')
        try {
          configOf(changed)
          keepSecrets(changed)
        } catch (cause) {
          if (!(cause instanceof ConfigError)) throw cause
          expect(cause.faults.length).toBeGreaterThan(0)
          for (const fault of cause.faults) expect(fault.line).toBeGreaterThan(0)
        }
      }),
      { numRuns: 150 },
    )
  })
})
