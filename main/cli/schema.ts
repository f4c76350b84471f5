import { describeSchema } from '../config/describe-schema.ts'
import type { Command } from './command.ts'

export const schema: Command = {
  summary: 'prints the JSON Schema of the configuration, for editors',
  usage: '',
  help: `JSON Schema 2020-12, made from the schema that reads the file. Editors with a YAML language server take it from a file's first line:
  # yaml-language-server: $schema=./sallyport.schema.json`,
  options: {},
  positionals: { min: 0, max: 0 },
  required: [],
  async run(_values, _positionals, terminal) {
    terminal.out(`${JSON.stringify(describeSchema(), null, 2)}\n`)
    return 0
  },
}
