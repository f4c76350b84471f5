import { z } from 'zod'
import { personSchema, timeSchema } from './people.ts'
import { effectSchema } from './verdicts.ts'

/**
 * The configuration as versions, numbered from 1. Whoever changes it names the version that they had before them (`version`); when another one
 * is in force by then, the answer is 409 and nothing changes.
 */
export const versionNumberSchema = z.number().int().positive()

const changeBase = {
  /** The version that was in force when it was read. */
  version: versionNumberSchema,
  /** Why, for those who read the versions later. */
  comment: z.string().max(1000).default(''),
  /** Do it although policy tests fail, or although you lose your own role by it: what only warns otherwise answers 422 (`needs-force`). */
  force: z.boolean().default(false),
}

/** What is wrong in a configuration. Texts never hold a secret. */
export const configurationFaultSchema = z.object({
  /** In the YAML text, from 1; 0: the whole of it. */
  line: z.number().int(),
  column: z.number().int(),
  /** `connections[0].limits.rows`; empty for the whole. */
  path: z.string(),
  message: z.string(),
  /** What would be right. */
  allowed: z.string().nullable(),
})
export type ConfigurationFault = z.infer<typeof configurationFaultSchema>

/** Nothing wrong, and perhaps not what was meant. */
export const configurationWarningSchema = z.object({
  /**
   * `unreachable`: rules above decide all that this one speaks of. `overlap`: a rule above takes a part of it, with another effect. `unused`: it
   * names what nothing has. `mask`: the form does not fit a column's type. `connection`: no credential yet. `lock-out`: you would lose your role.
   */
  kind: z.enum(['unreachable', 'overlap', 'unused', 'mask', 'connection', 'lock-out']),
  line: z.number().int(),
  column: z.number().int(),
  path: z.string(),
  message: z.string(),
})
export type ConfigurationWarning = z.infer<typeof configurationWarningSchema>

/** How one entry of `tests` in the configuration came out. */
export const policyTestResultSchema = z.object({
  /** From 0, as in the file. */
  index: z.number().int(),
  line: z.number().int(),
  name: z.string().nullable(),
  statement: z.string(),
  connection: z.string(),
  as: z.array(z.string()),
  passed: z.boolean(),
  expect: effectSchema,
  /** What the verdict really is. */
  effect: effectSchema,
  /** `agents-on-shop/3`; null: no rule matched, or the text could not be read. */
  rule: z.string().nullable(),
  because: z.array(z.string()),
  /** For people, of a failed one: what was expected, and what came instead. */
  message: z.string().nullable(),
  /** False: no database was asked, and what the statement names was taken to exist. */
  live: z.boolean(),
})
export type PolicyTestResult = z.infer<typeof policyTestResultSchema>

/** From one text to another. */
export const differenceSchema = z.object({
  added: z.number().int(),
  removed: z.number().int(),
  /** Changed lines with up to three lines around them; a gap in the numbers is where lines were left out. */
  lines: z.array(
    z.object({
      kind: z.enum(['same', 'added', 'removed']),
      /** From 1; null where it is not in that text. */
      before: z.number().int().nullable(),
      after: z.number().int().nullable(),
      text: z.string(),
    }),
  ),
  /** The same as values by path: `policies.agents-on-shop.rules[2].maxRows` from `1000` to `5`. Null: not there. Comments are no values. */
  changes: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** The texts differ too much for all of it to be told. */
  cut: z.boolean(),
})
export type Difference = z.infer<typeof differenceSchema>

/** `POST /api/configuration/check`, and part of the answer to every change. */
export const configurationCheckSchema = z.object({
  /** It can be put in force, without `force`. */
  ok: z.boolean(),
  faults: z.array(configurationFaultSchema),
  warnings: z.array(configurationWarningSchema),
  tests: z.array(policyTestResultSchema),
  /** From what is in force to this. */
  difference: differenceSchema,
  /** What of it holds only from the host's next start: `proxy.listen`. */
  fromNextStart: z.array(z.string()),
  /** Running sessions that may no longer be, and would end. */
  endsSessions: z.number().int(),
})
export type ConfigurationCheck = z.infer<typeof configurationCheckSchema>

export const checkConfigurationRequestSchema = z.strictObject({ yaml: z.string().max(2_000_000) })

/** `PUT /api/configuration`. A YAML text or the same as JSON; comments are kept only in YAML. */
export const changeConfigurationRequestSchema = z.strictObject({ ...changeBase, yaml: z.string().max(2_000_000) })
export type ChangeConfigurationRequest = z.input<typeof changeConfigurationRequestSchema>

const section = z.array(z.record(z.string(), z.unknown()))

/** `PUT /api/policies`: the sections as they stand in the file. `tests` left out: they stay as they are. Comments beside what stays the same are kept. */
export const changePoliciesRequestSchema = z.strictObject({ ...changeBase, policies: section, tests: section.optional() })
export type ChangePoliciesRequest = z.input<typeof changePoliciesRequestSchema>

/** `PUT /api/masking`: sections that are left out stay as they are. */
export const changeMaskingRequestSchema = z.strictObject({
  ...changeBase,
  sensitive: section.optional(),
  untrusted: section.optional(),
  patterns: section.optional(),
  vouched: section.optional(),
})
export type ChangeMaskingRequest = z.input<typeof changeMaskingRequestSchema>

/**
 * `PUT /api/connections`. A password may be a reference (`${env:NAME}`, `${file:PATH}`); one that is written out goes into the vault and is never
 * read back. Left out: what the vault has for this connection.
 */
export const changeConnectionsRequestSchema = z.strictObject({ ...changeBase, connections: section })
export type ChangeConnectionsRequest = z.input<typeof changeConnectionsRequestSchema>

export const changeResponseSchema = z.object({
  /** In force now. */
  version: versionNumberSchema,
  /** False: it was the same text, and no version was made. */
  changed: z.boolean(),
  check: configurationCheckSchema,
  /** Sessions that were ended by it. */
  endedSessions: z.number().int(),
})
export type ChangeResponse = z.infer<typeof changeResponseSchema>

export const configurationVersionSchema = z.object({
  version: versionNumberSchema,
  at: timeSchema,
  /** `file`: the host found its file changed when it started. `restore`: an earlier version was put in force again. */
  source: z.enum(['file', 'api', 'restore']),
  /** Null: the file. */
  author: personSchema.nullable(),
  comment: z.string(),
  /** With `restore`: which one. */
  restored: versionNumberSchema.nullable(),
  inForce: z.boolean(),
  /** Lines, against the version before. */
  added: z.number().int(),
  removed: z.number().int(),
})
export type ConfigurationVersion = z.infer<typeof configurationVersionSchema>

/**
 * `GET /api/configuration`: all that can be configured, as one text that can be put in force again as it stands. Secrets in it are references.
 */
export const configurationSchema = configurationVersionSchema.extend({
  yaml: z.string(),
  /** The same as JSON. */
  json: z.record(z.string(), z.unknown()),
  /** What of it waits for the host's next start. */
  fromNextStart: z.array(z.string()),
  /** The file that the host starts with. A change of that file is put in force at the next start, before any version. */
  file: z.string(),
})
export type Configuration = z.infer<typeof configurationSchema>

/** `GET /api/configuration/versions`, newest first. */
export const versionListSchema = z.object({
  items: z.array(configurationVersionSchema),
  /** Pass as `before` for older ones; null: these were the last. */
  next: versionNumberSchema.nullable(),
})
export const versionQuerySchema = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** `GET /api/configuration/versions/{version}`: with the difference to the one before. */
export const versionDetailSchema = configurationVersionSchema.extend({ yaml: z.string(), difference: differenceSchema })
export type VersionDetail = z.infer<typeof versionDetailSchema>

/** `POST /api/configuration/versions/{version}/restore`. `version` in the body is the one in force. */
export const restoreRequestSchema = z.strictObject(changeBase)

/** `GET /api/configuration/schema`: JSON Schema 2020-12 of the file, for editors. */
export const configurationJsonSchema = z.record(z.string(), z.unknown())
