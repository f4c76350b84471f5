import { checkIdentity } from './check-identity.ts'
import type { KeyPath } from './document.ts'
import type { ShapeFault } from './explain-issue.ts'
import { didYouMean } from './nearest.ts'
import { checkNotify } from './notify.ts'
import { isLoopback, parseListen } from './units.ts'

type Entry = Readonly<Record<string, unknown>>

const isEntry = (value: unknown): value is Entry => value !== null && typeof value === 'object' && !Array.isArray(value)
const entryOf = (value: unknown): Entry => (isEntry(value) ? value : {})
const entriesOf = (value: unknown): Entry[] => (Array.isArray(value) ? value.map(entryOf) : [])
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])
const isText = (value: unknown): value is string => typeof value === 'string'

/** Faults between parts of the file. It reads the values as they stand, so that a fault of shape elsewhere does not hide these. */
export function crossCheck(value: unknown, builtInPatterns: readonly string[]): ShapeFault[] {
  const config = entryOf(value)
  const faults: ShapeFault[] = []
  const fault = (path: KeyPath, message: string, allowed?: string) => faults.push({ path, message, allowed })

  const identity = entryOf(config['identity'])
  const connections = entriesOf(config['connections'])
  const policies = entriesOf(config['policies'])
  const sensitive = entriesOf(config['sensitive'])

  noDuplicates(connections, ['connections'], 'name', fault)
  noDuplicates(policies, ['policies'], 'name', fault)
  noDuplicates(entriesOf(config['patterns']), ['patterns'], 'name', fault)
  noDuplicates(entriesOf(identity['providers']), ['identity', 'providers'], 'name', fault)
  noDuplicates(entriesOf(identity['providers']), ['identity', 'providers'], 'issuer', fault)
  noDuplicates(entriesOf(identity['providers']), ['identity', 'providers'], 'entityId', fault)
  checkIdentity(entriesOf(identity['providers']), fault)

  const names = [...new Set(connections.map((c) => c['name']).filter(isText))]
  const known = (name: unknown, path: KeyPath) => {
    if (isText(name) && !names.includes(name)) {
      fault(path, `there is no connection "${name}".${didYouMean(name, names)}`, names.join(', ') || 'a connection of this file')
    }
  }
  for (const section of ['sensitive', 'untrusted', 'vouched']) {
    entriesOf(config[section]).forEach((entry, i) => {
      known(entry['connection'], [section, i, 'connection'])
    })
  }
  oneMaskForEachColumn(sensitive, fault)
  sensitive.forEach((entry, i) => {
    if (entry['predicates'] === true && isText(entry['mask']) && entry['mask'] !== 'token') {
      fault(['sensitive', i, 'predicates'], `has no meaning with the mask "${entry['mask']}": only tokens can be compared.`, 'mask: token')
    }
  })
  checkPatterns(entriesOf(config['patterns']), builtInPatterns, fault)
  checkListening(config, fault)
  checkNotify(entriesOf(config['notify']), fault)
  noDuplicates(entriesOf(config['notify']), ['notify'], 'name', fault)

  if (isEntry(config['siem']) && 'syslog' in config['siem'] === 'https' in config['siem']) {
    fault(['siem'], 'needs one receiver.', 'either syslog or https')
  }

  const roles = entryOf(config['roles'])
  const deciders = [...new Set([...textsOf(roles['approver']), ...textsOf(roles['admin'])])]
  policies.forEach((policy, i) => {
    const used = textsOf(policy['connections'])
    used.forEach((name, j) => {
      known(name, ['policies', i, 'connections', j])
    })
    const labels = [...new Set(sensitive.filter((s) => used.includes(String(s['connection']))).map((s) => s['label']))].filter(isText)
    entriesOf(policy['rules']).forEach((rule, j) => {
      checkRule(rule, ['policies', i, 'rules', j], { labels, deciders, approverGroups: textsOf(roles['approver']) }, fault)
      if (rule['afterUntrusted'] === true && !entriesOf(config['untrusted']).some((one) => used.includes(String(one['connection']))))
        fault(
          ['policies', i, 'rules', j, 'afterUntrusted'],
          'never holds: no table of this policy’s connections is in `untrusted`.',
          'tables in untrusted',
        )
    })
  })
  const rules = new Map(policies.map((policy) => [policy['name'], entriesOf(policy['rules']).length]))
  entriesOf(config['tests']).forEach((test, i) => {
    known(test['connection'], ['tests', i, 'connection'])
    checkTest(test, ['tests', i], rules, fault)
  })
  connections.forEach((connection, i) => {
    checkCredential(connection, ['connections', i], fault)
    if (connection['tls'] === 'disable' && isText(connection['ca'])) {
      fault(['connections', i, 'ca'], 'has no meaning while tls is "disable".', 'tls: verify-full, or no ca')
    }
  })
  return faults
}

function checkTest(test: Entry, path: KeyPath, rules: ReadonlyMap<unknown, number>, fault: Report): void {
  if (!isText(test['rule'])) return
  const [, policy = '', place = ''] = /^(.*)\/([0-9]+)$/.exec(test['rule']) ?? []
  const count = rules.get(policy)
  if (count !== undefined && Number(place) >= 1 && Number(place) <= count) return
  const near = count === undefined ? didYouMean(policy, [...rules.keys()].filter(isText)) : ''
  fault([...path, 'rule'], `there is no rule "${test['rule']}".${near}`, 'the policy’s name, "/", and the rule’s place in it from 1')
}

/** A name and a password (which may be in the vault), or users that are leased. */
function checkCredential(connection: Entry, path: KeyPath, fault: Report): void {
  const leased = entryOf(connection['credentials'])['vault']
  if (leased === undefined) {
    if (connection['user'] === undefined) fault([...path, 'user'], 'is missing.', 'a user’s name, or credentials.vault')
    return
  }
  for (const key of ['user', 'password'] as const) {
    if (connection[key] !== undefined)
      fault([...path, key], 'has no meaning beside credentials.vault, which leases both.', 'one of the two')
  }
  const at = [...path, 'credentials', 'vault']
  if (isEntry(leased) && 'token' in leased === 'approle' in leased)
    fault(at, 'needs one way to sign in at Vault.', 'either token or approle')
}

type Report = (path: KeyPath, message: string, allowed?: string) => void

function noDuplicates(entries: readonly Entry[], path: KeyPath, key: string, fault: Report): void {
  const first = new Map<string, number>()
  entries.forEach((entry, i) => {
    const name = entry[key]
    if (!isText(name)) return
    const earlier = first.get(name)
    if (earlier === undefined) first.set(name, i)
    else fault([...path, i, key], `was given before, in ${path.join('.')}[${earlier}].`, `each ${key} once`)
  })
}

function oneMaskForEachColumn(sensitive: readonly Entry[], fault: Report): void {
  const masks = new Map<string, unknown>()
  sensitive.forEach((entry, i) => {
    textsOf(entry['columns']).forEach((column, j) => {
      const key = JSON.stringify([entry['connection'], column])
      const earlier = masks.get(key)
      if (earlier === undefined) masks.set(key, entry['mask'])
      else if (earlier !== entry['mask']) {
        fault(['sensitive', i, 'columns', j], `"${column}" already has the mask "${String(earlier)}".`, 'one mask for each column')
      }
    })
  })
}

function checkPatterns(patterns: readonly Entry[], builtIn: readonly string[], fault: Report): void {
  patterns.forEach((pattern, i) => {
    const name = pattern['name']
    if (!isText(name)) return
    const own = pattern['regex'] !== undefined
    if (own && builtIn.includes(name)) {
      fault(['patterns', i, 'name'], `"${name}" is built in.`, 'another name for a pattern with its own regex')
    } else if (!own && !builtIn.includes(name)) {
      const message = `there is no built-in pattern "${name}".${didYouMean(name, builtIn)}`
      fault(['patterns', i, 'name'], message, `${builtIn.join(', ')}, or any other name with a regex`)
    }
  })
}

function checkListening(config: Entry, fault: Report): void {
  const offLoopback = (value: unknown) => {
    const address = isText(value) ? parseListen(value) : undefined
    return address !== undefined && !isLoopback(address.host)
  }
  const web = entryOf(config['web'])
  const url = web['publicUrl']
  const everywhere = isText(web['listen']) && ['0.0.0.0', '::'].includes(parseListen(web['listen'])?.host ?? '')
  if (everywhere && url === undefined) {
    fault(
      ['web', 'listen'],
      'listens on all addresses without a publicUrl, so no browser would be let in by name.',
      'web.publicUrl with the https address that browsers use',
    )
  } else if ((offLoopback(web['listen']) || web['tls'] !== undefined) && isText(url) && !url.startsWith('https:')) {
    fault(['web', 'publicUrl'], 'is not https, so sessions would travel in clear text.', 'the https address that browsers use')
  }
}

interface Known {
  /** Labels of the columns of the policy's connections. */
  readonly labels: readonly string[]
  /** Groups whose members can sign in and decide. */
  readonly deciders: readonly string[]
  readonly approverGroups: readonly string[]
}

const ASK_ONLY = ['approvers', 'wait', 'maxRows', 'passkey', 'approvals'] as const

function checkRule(rule: Entry, path: KeyPath, known: Known, fault: Report): void {
  for (const condition of ['touches', 'shows', 'uses']) {
    textsOf(rule[condition]).forEach((label, k) => {
      if (known.labels.includes(label)) return
      const message = `no column of this policy's connections has the label "${label}".${didYouMean(label, known.labels)}`
      fault([...path, condition, k], message, known.labels.join(', ') || 'a label that `sensitive` gives')
    })
  }
  if (rule['effect'] === 'ask') {
    textsOf(rule['approvers']).forEach((group, k) => {
      if (known.deciders.includes(group)) return
      const message = `nobody in "${group}" could decide: the group has neither the role approver nor admin.`
      fault([...path, 'approvers', k], `${message}${didYouMean(group, known.deciders)}`, known.deciders.join(', ') || 'a group of `roles`')
    })
    if (rule['approvers'] === undefined && known.approverGroups.length === 0) {
      fault(path, 'asks, but nobody may answer.', 'approvers: [group], or groups in roles.approver')
    }
  } else if (rule['effect'] === 'allow' || rule['effect'] === 'deny') {
    for (const key of ASK_ONLY) {
      if (rule[key] !== undefined) fault([...path, key], `has no meaning in a rule with the effect "${rule['effect']}".`, 'effect: ask')
    }
    if (rule['effect'] === 'allow' && rule['message'] !== undefined) {
      fault([...path, 'message'], 'has no meaning in a rule with the effect "allow".', 'effect: deny')
    }
  }
}
