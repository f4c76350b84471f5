import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { analyseRules } from '../config/analyse-rules.ts'
import { type KeyPath, parseYaml, pathText } from '../config/document.ts'
import { type Config, loadConfig } from '../config.ts'
import type { Command } from './command.ts'
import { liveCatalog } from './live-catalog.ts'
import { printable } from './table.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const check: Command = {
  summary: 'validates a configuration and names every fault with its line',
  usage: 'FILE [--catalog-from-live]',
  help: `Reads FILE as the host would, with the secrets that it refers to, and starts nothing. Says which rules can never decide, and runs the
policy tests that stand under "tests".
  --catalog-from-live   reads tables, views and functions from the real databases, each with its connection's own credential
                        (otherwise what a test's statement names is taken to exist)
Exit code 0 when it is in order and every test passes, 1 with every fault as file:line:column.`,
  options: { 'catalog-from-live': { type: 'boolean' } },
  positionals: { min: 1, max: 1 },
  required: [],
  async run(values, [file], terminal) {
    const config = loadConfig(file!, terminal.env)
    const catalogs = new Map<string, Catalog>()
    if (values['catalog-from-live'] === true) {
      for (const { name } of config.connections) catalogs.set(name, await liveCatalog(config, name))
    }
    for (const warning of await warningsOf(config, catalogs)) terminal.err(`${file}:${warning}\n`)
    const failed = await failedTests(config, catalogs)
    for (const words of failed) terminal.err(`${file}:${words}\n`)
    const rules = config.policies.reduce((sum, policy) => sum + policy.rules.length, 0)
    const parts = [
      plural(config.connections.length, 'connection', 'connections'),
      plural(config.policies.length, 'policy', 'policies'),
      plural(rules, 'rule', 'rules'),
      plural(config.identity.providers.length, 'identity provider', 'identity providers'),
      ...(config.tests.length === 0 ? [] : [plural(config.tests.length, 'test', 'tests')]),
    ]
    if (failed.length > 0) {
      terminal.err(`${plural(failed.length, 'policy test fails', 'policy tests fail')} of ${config.tests.length}.\n`)
      return 1
    }
    terminal.out(`${file} is in order: ${parts.join(', ')}.\n`)
    return 0
  },
}

async function warningsOf(config: Config, catalogs: ReadonlyMap<string, Catalog>): Promise<string[]> {
  const document = parseYaml(config.source.text.reveal())
  const place = (path: KeyPath, message: string): string => {
    const { line, column } = document.placeOf(path)
    return `${line}:${column}: warning: ${pathText(path)}: ${message}`
  }
  const found = analyseRules(config).map(({ path, message }) => place(path, message))
  if (catalogs.size === 0) return found
  const { warnFromCatalog } = await import('../config/catalog-warnings.ts')
  for (const [name, catalog] of catalogs) {
    found.push(...warnFromCatalog(config, name, catalog).map(({ path, message }) => place(path, message)))
  }
  return found
}

async function failedTests(config: Config, catalogs: ReadonlyMap<string, Catalog>): Promise<string[]> {
  if (config.tests.length === 0) return []
  // The grammar is loaded only where there is something to read.
  const { runTests } = await import('../policies/run-tests.ts')
  const outcomes = await runTests(config, { catalog: async (name) => catalogs.get(name), vouched: () => [], now: new Date() })
  return outcomes
    .filter(({ passed }) => !passed)
    .map(
      ({ index, test, message }) =>
        `${test.line}: tests[${index}]${test.name === undefined ? '' : ` (${test.name})`}: ${printable(message ?? '')}`,
    )
}
