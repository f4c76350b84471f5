import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, type Fault, loadConfig, parseConfig } from '../../main/config.ts'

/** `${env:NAME}` without writing a template string's placeholder. */
const ref = (what: string): string => `\${${what}}`

const YAML = readFileSync(path.join(import.meta.dirname, 'fixtures/contract.yaml'), 'utf8')
const ENV = { OIDC_SECRET: 'oidc-hunter2', SHOP_PASSWORD: 'shop-hunter2' }

function faultsOf(yaml: string, env: Record<string, string> = ENV): readonly Fault[] {
  try {
    parseConfig(yaml, { file: 'sallyport.yaml', folder: import.meta.dirname, env })
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

/** The contract's file with one replacement; the fault must be on the line that was changed. */
interface Case {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly path: string
  readonly message: RegExp
  readonly allowed?: RegExp
}

const CASES: readonly Case[] = [
  {
    what: 'comparing with a mask that makes no tokens',
    from: 'label: pii, mask: redact,',
    to: 'label: pii, mask: redact, predicates: true,',
    path: 'sensitive[0].predicates',
    message: /no meaning with the mask "redact": only tokens can be compared/,
  },
  {
    what: 'an unknown key at the top',
    from: 'patterns:',
    to: 'paterns:',
    path: 'paterns',
    message: /unknown key\. Did you mean "patterns"/,
  },
  {
    what: 'an unknown key deep inside',
    from: 'rows: 100000',
    to: 'row: 100000',
    path: 'connections[0].limits.row',
    message: /unknown key\. Did you mean "rows"/,
    allowed: /statementTimeout, rows, resultBytes, connectionsPerPerson/,
  },
  {
    what: 'an unknown key in a rule',
    from: 'maxRows: 1000',
    to: 'maxrow: 1000',
    path: 'policies[0].rules[2].maxrow',
    message: /Did you mean "maxRows"/,
  },
  {
    what: 'an unknown key of which nothing is near',
    from: 'user: app_rw',
    to: '"user": app_rw\n    zzz: 1',
    path: 'connections[0].zzz',
    message: /^unknown key\.$/,
  },
  {
    what: 'a number where a duration stands',
    from: 'recentSignIn: 15m',
    to: 'recentSignIn: 15',
    path: 'identity.recentSignIn',
    message: /15 \(a number\)/,
    allowed: /30s, 10m, 90d/,
  },
  {
    what: 'a duration without sense',
    from: 'wait: 10m',
    to: 'wait: 10 minutes',
    path: 'policies[0].rules[2].wait',
    message: /"10 minutes"/,
  },
  { what: 'a duration of nothing', from: 'wait: 10m', to: 'wait: 0s', path: 'policies[0].rules[2].wait', message: /"0s"/ },
  {
    what: 'a size without a unit',
    from: 'resultBytes: 64MiB',
    to: 'resultBytes: 64',
    path: 'connections[0].limits.resultBytes',
    message: /64 \(a number\)/,
    allowed: /64MiB/,
  },
  {
    what: 'a text where a list stands',
    from: 'groups: [ai-agents]',
    to: 'groups: ai-agents',
    path: 'connections[0].groups',
    message: /"ai-agents" \(text\)/,
    allowed: /list/,
  },
  {
    what: 'a list where a mapping stands',
    from: 'limits: { statementTimeout: 30s, rows: 100000, resultBytes: 64MiB, connectionsPerPerson: 20 }',
    to: 'limits: [1]',
    path: 'connections[0].limits',
    message: /a list/,
  },
  { what: 'an empty list', from: 'connections: [shop]\n', to: 'connections: []\n', path: 'policies[0].connections', message: /empty/ },
  {
    what: 'a port out of range',
    from: 'port: 5432',
    to: 'port: 65536',
    path: 'connections[0].port',
    message: /65536/,
    allowed: /1 to 65535/,
  },
  {
    what: 'an engine that is not carried',
    from: 'engine: postgres',
    to: 'engine: mysql',
    path: 'connections[0].engine',
    message: /"mysql"/,
    allowed: /postgres/,
  },
  {
    what: 'a mask that does not exist',
    from: 'mask: partial',
    to: 'mask: partail',
    path: 'patterns[0].mask',
    message: /Did you mean "partial"/,
  },
  {
    what: 'a verb that does not exist',
    from: 'statements: [write]',
    to: 'statements: [wirte]',
    path: 'policies[0].rules[2].statements[0]',
    message: /Did you mean "write"/,
  },
  {
    what: 'a listen address without a port',
    from: '127.0.0.1:6432',
    to: '127.0.0.1',
    path: 'proxy.listen',
    message: /"127.0.0.1"/,
    allowed: /host:port/,
  },
  { what: 'a listen port that does not exist', from: '127.0.0.1:6432', to: '127.0.0.1:70000', path: 'proxy.listen', message: /70000/ },
  {
    what: 'TLS by another word',
    from: 'listen: 127.0.0.1:6432',
    to: 'listen: 127.0.0.1:6432, tls: self-signed',
    path: 'proxy.tls',
    message: /"self-signed"/,
    allowed: /generate/,
  },
  {
    what: 'a certificate without its key',
    from: 'listen: 127.0.0.1:6432',
    to: 'listen: 127.0.0.1:6432, tls: { cert: a.pem }',
    path: 'proxy.tls.key',
    message: /missing/,
  },
  {
    what: 'pages on all addresses without a name',
    from: '127.0.0.1:8443, publicUrl: "https://sallyport.corp:8443"',
    to: '0.0.0.0:8443',
    path: 'web.listen',
    message: /without a publicUrl/,
  },
  {
    what: 'a public address with a path',
    from: '"https://sallyport.corp:8443"',
    to: '"https://sallyport.corp/x"',
    path: 'web.publicUrl',
    message: /is not allowed/,
  },
  {
    what: 'an http issuer off loopback',
    from: 'https://login.corp',
    to: 'http://login.corp',
    path: 'identity.providers[0].issuer',
    message: /http off loopback/,
  },
  {
    what: 'an issuer that is no URL',
    from: 'https://login.corp/realms/main',
    to: 'login.corp',
    path: 'identity.providers[0].issuer',
    message: /not a URL/,
  },
  {
    what: 'an issuer with a password in it',
    from: 'https://login.corp',
    to: 'https://me:pw@login.corp',
    path: 'identity.providers[0].issuer',
    message: /password/,
  },
  {
    what: 'a secret that is not set',
    from: ref('env:SHOP_PASSWORD'),
    to: ref('env:NOT_SET'),
    path: 'connections[0].password',
    message: /NOT_SET is not set/,
  },
  {
    what: 'a secret file that is not there',
    from: ref('env:SHOP_PASSWORD'),
    to: ref('file:no/such'),
    path: 'connections[0].password',
    message: /no\/such cannot be read \(ENOENT\)/,
  },
  {
    what: 'a reference of an unknown kind',
    from: ref('env:SHOP_PASSWORD'),
    to: ref('keychain:x'),
    path: 'connections[0].password',
    message: /not a kind of reference/,
    allowed: /\$\{env:NAME\}/,
  },
  {
    what: 'a reference as a shell writes it',
    from: ref('env:SHOP_PASSWORD'),
    to: ref('SHOP_PASSWORD'),
    path: 'connections[0].password',
    message: /not a kind of reference/,
  },
  {
    what: 'a reference in a rule',
    from: '"Schema changes go through migrations."',
    to: `"${ref('env:SHOP_PASSWORD')}"`,
    path: 'policies[0].rules[3].message',
    message: /cannot stand here/,
  },
  {
    what: 'a policy for an unknown connection',
    from: 'connections: [shop]\n',
    to: 'connections: [shpo]\n',
    path: 'policies[0].connections[0]',
    message: /no connection "shpo"\. Did you mean "shop"/,
  },
  {
    what: 'a label for an unknown connection',
    from: '{ connection: shop, label: pii',
    to: '{ connection: sho, label: pii',
    path: 'sensitive[0].connection',
    message: /no connection "sho"/,
  },
  {
    what: 'an untrusted table of an unknown connection',
    from: '{ connection: shop, tables',
    to: '{ connection: stop, tables',
    path: 'untrusted[0].connection',
    message: /no connection "stop"/,
  },
  {
    what: 'a rule with an unknown label',
    from: 'uses: [pii]',
    to: 'uses: [pi]',
    path: 'policies[0].rules[0].uses[0]',
    message: /label "pi"\. Did you mean "pii"/,
  },
  {
    what: 'an approver group without a role',
    from: 'statements: [write], approvers: [dba]',
    to: 'statements: [write], approvers: [dbas]',
    path: 'policies[0].rules[2].approvers[0]',
    message: /nobody in "dbas" could decide.*Did you mean "dba"/,
  },
  {
    what: 'a pattern that is neither built in nor given',
    from: 'name: credit_card',
    to: 'name: credit_cards',
    path: 'patterns[0].name',
    message: /Did you mean "credit_card"/,
    allowed: /regex/,
  },
  {
    what: 'a regex on a built-in pattern',
    from: '{ name: ssn, mask: redact }',
    to: '{ name: ssn, regex: x, mask: redact }',
    path: 'patterns[1].name',
    message: /built in/,
  },
  {
    what: 'a regex with a back-reference',
    from: '"EMP-[0-9]{6}"',
    to: '"(a)\\\\1"',
    path: 'patterns[3].regex',
    message: /cannot be compiled/,
    allowed: /RE2/,
  },
  { what: 'a regex with look-ahead', from: '"EMP-[0-9]{6}"', to: '"a(?=b)"', path: 'patterns[3].regex', message: /cannot be compiled/ },
  { what: 'a regex that matches nothing everywhere', from: '"EMP-[0-9]{6}"', to: '"a*"', path: 'patterns[3].regex', message: /empty text/ },
  {
    what: 'a table pattern without a schema',
    from: '"public.*"',
    to: '"customers"',
    path: 'policies[0].rules[1].tables[0]',
    message: /"customers"/,
    allowed: /schema\.name/,
  },
  {
    what: 'a column pattern with two parts',
    from: 'public.customers.ssn',
    to: 'customers.ssn',
    path: 'sensitive[0].columns[0]',
    message: /"customers.ssn"/,
    allowed: /schema\.table\.column/,
  },
  {
    what: 'hours past midnight',
    from: 'wait: 10m, maxRows',
    to: 'hours: "22:00-06:00", maxRows',
    path: 'policies[0].rules[2].hours',
    message: /22:00-06:00/,
    allowed: /two rules/,
  },
  {
    what: 'a wait in a rule that does not ask',
    from: 'effect: deny,  statements',
    to: 'wait: 5m, effect: deny, statements',
    path: 'policies[0].rules[3].wait',
    message: /no meaning/,
    allowed: /effect: ask/,
  },
  {
    what: 'a message in a rule that allows',
    from: 'effect: allow, statements',
    to: 'message: hello, effect: allow, statements',
    path: 'policies[0].rules[1].message',
    message: /no meaning/,
  },
  {
    what: 'a certificate file that is not there',
    from: 'listen: 127.0.0.1:6432',
    to: 'listen: 127.0.0.1:6432, tls: { cert: no.pem, key: ../helpers/tls/server.key }',
    path: 'proxy.tls.cert',
    message: /cannot be read \(ENOENT\)/,
  },
  {
    what: 'a certificate with another one’s key',
    from: 'listen: 127.0.0.1:6432',
    to: 'listen: 127.0.0.1:6432, tls: { cert: ../helpers/tls/ca.pem, key: ../helpers/tls/server.key }',
    path: 'proxy.tls',
    message: /together/,
  },
  {
    what: 'an authority that is no certificate',
    from: 'tls: verify-full',
    to: 'ca: ../helpers/tls/server.key',
    path: 'connections[0].ca',
    message: /no certificate/,
  },
  {
    what: 'a name that no URL could carry',
    from: '- name: shop',
    to: '- name: my shop',
    path: 'connections[0].name',
    message: /"my shop"/,
  },
]

describe('a fault is told with its line, the key, what was wrong and what is allowed', () => {
  it.each(CASES)('$what', ({ from, to, path: key, message, allowed }) => {
    expect(YAML).toContain(from)
    const at = YAML.indexOf(from)
    const yaml = YAML.slice(0, at) + to + YAML.slice(at + from.length)
    const faults = faultsOf(yaml)
    const fault = faults.find((f) => f.path === key && message.test(f.message))
    expect(fault, JSON.stringify(faults, null, 1)).toBeDefined()
    const first = yaml.slice(0, at).split('\n').length
    expect(fault!.line).toBeGreaterThanOrEqual(first)
    expect(fault!.line).toBeLessThanOrEqual(first + to.split('\n').length - 1)
    expect(fault!.column).toBeGreaterThan(0)
    if (allowed !== undefined) expect(fault!.allowed).toMatch(allowed)
    expect(JSON.stringify(faults)).not.toContain('hunter2')
  })
})

describe('faults of the whole', () => {
  it('come all at once, in the order of the lines', () => {
    const yaml = YAML.replace('listen: 127.0.0.1:6432', 'lisen: 1')
      .replace(ref('env:OIDC_SECRET'), ref('env:NONE'))
      .replace('engine: postgres', 'engine: oracle')
      .replace('uses: [pii]', 'uses: [phi]')
    const faults = faultsOf(yaml)
    expect(faults.map((f) => f.path)).toEqual([
      'proxy.lisen',
      'identity.providers[0].clientSecret',
      'connections[0].engine',
      'policies[0].rules[0].uses[0]',
    ])
    expect(faults.map((f) => f.line)).toEqual([2, 10, 17, 40])
  })

  it('name what is missing at the thing that lacks it', () => {
    const faults = faultsOf(YAML.replace('    user: app_rw\n', ''))
    expect(faults).toMatchObject([{ path: 'connections[0].user', line: 16, message: 'is missing.' }])
  })

  it('name every duplicate', () => {
    const copy = YAML.slice(YAML.indexOf('  - name: shop'), YAML.indexOf('sensitive:'))
    const faults = faultsOf(YAML.replace('sensitive:', `${copy}sensitive:`))
    expect(faults).toMatchObject([{ path: 'connections[1].name', message: expect.stringContaining('connections[0]') }])
  })

  it('never show a secret, also not one of a wrong type or in the wrong place', () => {
    const wrongType = faultsOf(YAML.replace(`password: ${ref('env:SHOP_PASSWORD')}`, 'password: [shop-hunter2]'))
    expect(wrongType).toMatchObject([{ path: 'connections[0].password', line: 22 }])
    const asIssuer = faultsOf(YAML.replace('issuer: https://login.corp/realms/main', `issuer: ${ref('env:SHOP_PASSWORD')}`))
    expect(asIssuer).toMatchObject([{ path: 'identity.providers[0].issuer', line: 7 }])
    expect(JSON.stringify([wrongType, asIssuer])).not.toContain('hunter2')
  })

  it.each([
    ['a tab for indentation', 'proxy:\n\tlisten: 127.0.0.1:1\n', 2],
    ['a key given twice', 'proxy: {}\nproxy: {}\n', 2],
    ['an unknown tag', 'proxy: !wat {}\n', 1],
    ['a second document', `${'identity: {}\n'}---\nproxy: {}\n`, 2],
    ['an unfinished quote', 'proxy: { listen: "abc }\n', 1],
  ])('YAML itself: %s', (_what, yaml, line) => {
    const faults = faultsOf(yaml)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults[0]?.line).toBeGreaterThanOrEqual(line)
  })

  it.each([
    ['an empty file', ''],
    ['a list', '- a\n'],
    ['a text', 'hello\n'],
  ])('%s is no configuration', (_what, yaml) => {
    expect(faultsOf(yaml).length).toBeGreaterThan(0)
  })

  it('a mapping that is reached through an alias is told where it stands', () => {
    const yaml = YAML.replace(
      'limits: { statementTimeout: 30s, rows: 100000, resultBytes: 64MiB, connectionsPerPerson: 20 }',
      'limits: *x',
    ).replace('proxy: { listen: 127.0.0.1:6432 }', 'proxy: &x { listen: 127.0.0.1:6432 }')
    expect(faultsOf(yaml)).toMatchObject([{ path: 'connections[0].limits.listen', line: 2 }])
  })

  it('a file that is not there, or is not UTF-8, is one fault', () => {
    expect(() => loadConfig('/nonexistent/sallyport.yaml', {})).toThrow(/cannot be read \(ENOENT\)/)
    const latin1 = path.join(import.meta.dirname, 'fixtures/latin1.yaml')
    expect(() => loadConfig(latin1, {})).toThrow(/not UTF-8/)
  })
})
