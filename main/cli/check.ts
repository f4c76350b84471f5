import { loadConfig } from '../config.ts'
import type { Command } from './command.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const check: Command = {
  summary: 'validates a configuration and names every fault with its line',
  usage: 'FILE',
  help: `Reads FILE as the host would, with the secrets that it refers to, and starts nothing.
Exit code 0 when it is in order, 1 with every fault as file:line:column.`,
  options: {},
  positionals: { min: 1, max: 1 },
  required: [],
  async run(_values, [file], terminal) {
    const config = loadConfig(file!, terminal.env)
    const rules = config.policies.reduce((sum, policy) => sum + policy.rules.length, 0)
    const parts = [
      plural(config.connections.length, 'connection', 'connections'),
      plural(config.policies.length, 'policy', 'policies'),
      plural(rules, 'rule', 'rules'),
      plural(config.identity.providers.length, 'identity provider', 'identity providers'),
    ]
    terminal.out(`${file} is in order: ${parts.join(', ')}.\n`)
    return 0
  },
}
