import type { Explanation } from '../../proxy/verdict/explain.ts'
import { didYouMean } from '../config/nearest.ts'
import { type Config, loadConfig } from '../config.ts'
import { compilePolicy } from '../policies/compile.ts'
import { type Command, type Terminal, textOption, UsageError } from './command.ts'
import { liveCatalog } from './live-catalog.ts'
import { printable } from './table.ts'

/** Masked values are not made here, so the key of the mask form `token` does not matter. */
const NO_KEY = Buffer.alloc(32)

export const explain: Command = {
  summary: 'says what the policy makes of a statement, and why; nothing is run',
  usage: '--config FILE --connection NAME --groups a,b [--catalog-from-live] [--json] "SQL"',
  help: `Judges SQL as if someone in these groups had sent it on this connection, by the rules of FILE and at this hour.
  --catalog-from-live   reads tables, views and functions from the real database, with the connection's own credential
                        (otherwise what the statement names is taken to exist, and views are not looked through)
  --json                prints all that the verdict rests on
Exit code 0 whatever the verdict is; 1 when it could not be found.`,
  options: {
    config: { type: 'string' },
    connection: { type: 'string' },
    groups: { type: 'string' },
    'catalog-from-live': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: { min: 1, max: 1 },
  required: ['config', 'connection', 'groups'],
  async run(values, [sql], terminal) {
    const config = loadConfig(textOption(values, 'config'), terminal.env)
    const connection = textOption(values, 'connection')
    const names = config.connections.map(({ name }) => name)
    if (!names.includes(connection)) {
      throw new UsageError(`${config.file} has no connection "${connection}".${didYouMean(connection, names)}`)
    }
    const groups = textOption(values, 'groups')
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== '')
    const { explain: judge } = await import('../../proxy/verdict/explain.ts')
    const explanation = await judge(sql!, {
      policy: compilePolicy(config, connection, NO_KEY),
      groups,
      now: new Date(),
      catalog: values['catalog-from-live'] === true ? await liveCatalog(config, connection) : undefined,
    })
    if (values['json'] === true) terminal.out(`${JSON.stringify(explanation, null, 2)}\n`)
    else print(explanation, config, terminal)
    return 0
  },
}

function print(explanation: Explanation, config: Config, terminal: Terminal): void {
  const { effect, rule, because, hint, labels, facts, assumed, error } = explanation
  const say = (label: string, text: string) => terminal.out(`${label.padEnd(10)}${printable(text)}\n`)
  say('verdict', effect)
  if (rule !== null) say('rule', `${rule.id}${rule.line === null ? '' : ` (${config.file}:${rule.line})`}`)
  else say('rule', error === null ? 'none matches, which denies' : 'none: the text could not be read')
  if (error !== null)
    say('error', `${error.sqlstate} ${error.message}${error.position === null ? '' : ` (at character ${error.position})`}`)
  else for (const reason of because) say('because', reason)
  const written = rule === null ? undefined : config.policies.find(({ name }) => name === rule.policy)?.rules[rule.place - 1]
  if (written?.message !== undefined) say('message', written.message)
  if (written?.reason !== undefined) say('reason', written.reason)
  if (hint !== '') say('hint', hint)
  if (facts.verbs.length > 0) say('does', facts.verbs.join(', '))
  for (const relation of facts.relations) say(relation.access, `${relation.name}${relation.via === null ? '' : ` (via ${relation.via})`}`)
  for (const column of facts.columns) if (column.label !== null) say(column.how, `${column.name} (${column.label})`)
  for (const unknown of facts.unknown) say('unknown', unknown)
  if (labels.length > 0) say('labels', labels.join(', '))
  if (assumed) say('note', 'no database was asked: what the statement names is taken to exist (--catalog-from-live asks)')
}
