import { z } from 'zod'
import { wordsOf } from './scalars.ts'
import { configSchema } from './schema.ts'
import { DESCRIPTIONS } from './schema-words.ts'

let made: Record<string, unknown> | undefined

/** The file's JSON Schema (2020-12), made from the very schema that reads it, so that an editor knows each key, and what may stand there. */
export function describeSchema(): Record<string, unknown> {
  if (made !== undefined) return made
  const schema = z.toJSONSchema(configSchema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, wordsOf(zodSchema))
    },
  })
  describe(schema as Described, '')
  made = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sallyport',
    description: 'The configuration of a Sallyport host.',
    ...schema,
  }
  return made
}

interface Described {
  description?: string
  properties?: Readonly<Record<string, Described>>
  items?: Described
  anyOf?: readonly Described[]
}

/** `connections[].limits.rows`: what the key is for stands before what may stand there. */
function describe(schema: Described, path: string): void {
  const words = DESCRIPTIONS[path]
  if (words !== undefined) schema.description = schema.description === undefined ? words : `${words} ${sentence(schema.description)}`
  for (const [key, property] of Object.entries(schema.properties ?? {})) describe(property, path === '' ? key : `${path}.${key}`)
  if (schema.items !== undefined) describe(schema.items, `${path}[]`)
  for (const one of schema.anyOf ?? []) describe(one, path)
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
